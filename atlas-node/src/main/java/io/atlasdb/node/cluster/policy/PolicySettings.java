package io.atlasdb.node.cluster.policy;

/**
 * Numbers of the policy {@code follow}. None of them touches safety.
 *
 * @param halfLifeMs after this long an access counts half, milliseconds
 * @param gainMin the share of the present cost that a move must save, 0 to 1
 * @param sustainMs for how long it must have done so, milliseconds
 * @param operationsMin during how many operations it must have done so
 * @param residenceFactor how many times the cost of a move an owner stays at least
 * @param residenceMsMax the longest stay that going to and fro leads to, milliseconds
 */
public record PolicySettings(
        long halfLifeMs,
        double gainMin,
        long sustainMs,
        long operationsMin,
        double residenceFactor,
        long residenceMsMax) {
    public static final PolicySettings DEFAULT = new PolicySettings(10_000, 0.25, 3_000, 32, 10, 600_000);
}
