@NullMarked
package dev.holdfast.http.access.listener;

import org.jspecify.annotations.NullMarked;
