/** Log levels that change while a process runs. */
@NullMarked
package io.sluice.runtime.logging;

import org.jspecify.annotations.NullMarked;
