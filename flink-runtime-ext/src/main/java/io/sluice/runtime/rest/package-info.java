/** Routes that our JobManager adds to Flink's REST API. */
@NullMarked
package io.sluice.runtime.rest;

import org.jspecify.annotations.NullMarked;
