package io.sluice.testkit.cluster;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class TaskManagerMemoryTest {

    @Test
    void processHoldsWhatStateGetsHoweverItIsDivided() {
        TaskManagerMemory heap = new TaskManagerMemory(192, 0);
        TaskManagerMemory both = new TaskManagerMemory(96, 96);

        assertThat(heap.heapMebibytes()).isEqualTo(320);
        assertThat(both.heapMebibytes()).isEqualTo(224);
        assertThat(both.processMebibytes()).isEqualTo(928).isEqualTo(heap.processMebibytes());
    }

    @Test
    void partsAddUpToTheProcess() {
        TaskManagerMemory memory = new TaskManagerMemory(96, 64);

        int parts =
                memory.toConfig().entrySet().stream()
                        .filter(entry -> entry.getKey().matches(".*\\.(size|max)"))
                        .filter(entry -> !entry.getKey().endsWith(".process.size"))
                        .mapToInt(entry -> mebibytes(entry.getValue()))
                        .sum();

        assertThat(memory.toConfig())
                .containsEntry("taskmanager.memory.process.size", parts + "m")
                .containsEntry("taskmanager.memory.managed.size", "64m");
    }

    private static int mebibytes(String size) {
        return Integer.parseInt(size.substring(0, size.length() - 1));
    }
}
