package io.sluice.runtime.backpressure.edge;

import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.deployment.InputGateDeploymentDescriptor;
import org.apache.flink.runtime.deployment.ResultPartitionDeploymentDescriptor;
import org.apache.flink.runtime.executiongraph.ExecutionAttemptID;
import org.apache.flink.runtime.executiongraph.PartitionInfo;
import org.apache.flink.runtime.io.network.partition.PartitionProducerStateProvider;
import org.apache.flink.runtime.io.network.partition.ResultPartition;
import org.apache.flink.runtime.io.network.partition.ResultPartitionID;
import org.apache.flink.runtime.io.network.partition.consumer.SingleInputGate;
import org.apache.flink.runtime.shuffle.ShuffleEnvironment;
import org.apache.flink.runtime.shuffle.ShuffleIOOwnerContext;
import org.apache.flink.runtime.shuffle.ShuffleMetrics;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Forwards all, and tells {@link ObservedOutputs} what tasks produce and consume. */
final class EdgeObservingShuffleEnvironment
        implements ShuffleEnvironment<ResultPartition, SingleInputGate> {

    private final ShuffleEnvironment<ResultPartition, SingleInputGate> stock;

    EdgeObservingShuffleEnvironment(ShuffleEnvironment<ResultPartition, SingleInputGate> stock) {
        this.stock = stock;
    }

    @Override
    public int start() throws IOException {
        return stock.start();
    }

    @Override
    public ShuffleIOOwnerContext createShuffleIOOwnerContext(
            String ownerName, ExecutionAttemptID attempt, MetricGroup parentGroup) {
        return stock.createShuffleIOOwnerContext(ownerName, attempt, parentGroup);
    }

    @Override
    public List<ResultPartition> createResultPartitionWriters(
            ShuffleIOOwnerContext owner, List<ResultPartitionDeploymentDescriptor> descriptors) {
        List<ResultPartition> partitions = stock.createResultPartitionWriters(owner, descriptors);
        ObservedOutputs.ifTracked(owner.getExecutionAttemptID())
                .produces(partitions, owner.getParentGroup());
        return partitions;
    }

    @Override
    public List<SingleInputGate> createInputGates(
            ShuffleIOOwnerContext owner,
            PartitionProducerStateProvider producers,
            List<InputGateDeploymentDescriptor> descriptors) {
        ObservedOutputs.ifTracked(owner.getExecutionAttemptID())
                .consumes(
                        descriptors.stream()
                                .map(InputGateDeploymentDescriptor::getConsumedResultId)
                                .toList());
        return stock.createInputGates(owner, producers, descriptors);
    }

    @Override
    public void releasePartitionsLocally(Collection<ResultPartitionID> partitions) {
        stock.releasePartitionsLocally(partitions);
    }

    @Override
    public Collection<ResultPartitionID> getPartitionsOccupyingLocalResources() {
        return stock.getPartitionsOccupyingLocalResources();
    }

    @Override
    public Optional<ShuffleMetrics> getMetricsIfPartitionOccupyingLocalResource(
            ResultPartitionID partition) {
        return stock.getMetricsIfPartitionOccupyingLocalResource(partition);
    }

    @Override
    public boolean updatePartitionInfo(ExecutionAttemptID consumer, PartitionInfo partition)
            throws IOException, InterruptedException {
        return stock.updatePartitionInfo(consumer, partition);
    }

    @Override
    public void close() throws Exception {
        stock.close();
    }
}
