@NullMarked
package dev.holdfast.cli.integrity.doctor;

import org.jspecify.annotations.NullMarked;
