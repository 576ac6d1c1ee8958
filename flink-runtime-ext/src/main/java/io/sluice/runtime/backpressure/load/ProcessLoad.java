package io.sluice.runtime.backpressure.load;

/**
 * What a TaskManager's process did in a period.
 *
 * @param taskManager resource id
 * @param gc share of the period in which collections of garbage held all threads back, in [0, 1]
 * @param machineCpu share of the processors that the process may use which were in use, by whatever
 *     process, in [0, 1]; NaN if it is not known
 */
public record ProcessLoad(String taskManager, double gc, double machineCpu) {}
