/** How fast the relay is: the same calls straight to a model server, through proxies and gateways, and through a node. */
@NullMarked
package dev.holdfast.cli.integrity.bench.relay;

import org.jspecify.annotations.NullMarked;
