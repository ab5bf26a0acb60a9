/// Amazon's clouds that have nothing in common but their protocols.
enum AmazonPartition {
    /// What the hosts of S3 and of the token service end with.
    static func dnsSuffix(region: String) -> String {
        let suffixes = [
            ("cn-", "amazonaws.com.cn"), ("us-iso-", "c2s.ic.gov"), ("us-isob-", "sc2s.sgov.gov"), ("us-isof-", "csp.hci.ic.gov"),
            ("eu-isoe-", "cloud.adc-e.uk"), ("eusc-", "amazonaws.eu"),
        ]
        return suffixes.first { region.hasPrefix($0.0) }?.1 ?? "amazonaws.com"
    }
}
