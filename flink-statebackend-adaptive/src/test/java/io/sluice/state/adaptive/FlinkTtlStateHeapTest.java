package io.sluice.state.adaptive;

import io.sluice.state.adaptive.store.TestPlacement;

class FlinkTtlStateHeapTest extends FlinkTtlStateContract {
    FlinkTtlStateHeapTest() {
        super(TestPlacement.ALL_HEAP);
    }
}
