/** What guards the node's listener below the checks of single requests: framing, pace, connections, TLS. */
@NullMarked
package dev.holdfast.http.access.listener;

import org.jspecify.annotations.NullMarked;
