@NullMarked
package dev.holdfast.cli.access.configuration;

import org.jspecify.annotations.NullMarked;
