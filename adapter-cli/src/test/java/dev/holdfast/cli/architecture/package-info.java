/**
 * The boundaries, as tests. Each rule is checked on the code of all modules, and on a fixture that breaks it: a rule
 * with a mistyped target would pass in silence otherwise.
 */
@NullMarked
package dev.holdfast.cli.architecture;

import org.jspecify.annotations.NullMarked;
