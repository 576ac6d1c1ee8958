package io.sluice.benchmarks.comparison;

import org.junit.jupiter.api.Test;

import java.util.Collections;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

class AllowanceTest {

    private final Allowance allowance = new Allowance("migration.load.disk.out.pause.p999", 10);

    @Test
    void differenceUpToTheAllowanceMeetsIt() {
        assertThat(allowance.resultLine(Collections.nCopies(5, 9.99)))
                .isEqualTo(
                        "RESULT migration.load.disk.out.pause.p999 difference=10.0ms error=0.0ms goal<=10ms met");
    }

    @Test
    void farEndOfTheIntervalIsJudged() {
        assertThat(allowance.resultLine(List.of(4.0, 6.0, 8.0, 10.0, 14.0)))
                .startsWith("RESULT migration.load.disk.out.pause.p999 difference=8.0ms error=")
                .endsWith("goal<=10ms missed");
    }

    @Test
    void lessThanTheBaselineMeetsIt() {
        assertThat(allowance.resultLine(Collections.nCopies(5, -3.0)))
                .isEqualTo(
                        "RESULT migration.load.disk.out.pause.p999 difference=-3.0ms error=0.0ms goal<=10ms met");
    }

    @Test
    void fourDifferencesAreTooFew() {
        assertThat(allowance.resultLine(Collections.nCopies(4, 1.0)))
                .isEqualTo(
                        "RESULT migration.load.disk.out.pause.p999 difference=unclear error=1.0ms goal<=10ms missed");
    }
}
