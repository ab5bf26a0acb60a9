import MediaModel
import Testing

@testable import S3

@Suite struct AmazonPartitionTests {
    @Test(arguments: [
        ("eu-west-1", "amazonaws.com"), ("us-gov-west-1", "amazonaws.com"), ("cn-north-1", "amazonaws.com.cn"),
        ("us-iso-east-1", "c2s.ic.gov"), ("us-isob-east-1", "sc2s.sgov.gov"), ("us-isof-south-1", "csp.hci.ic.gov"),
        ("eu-isoe-west-1", "cloud.adc-e.uk"), ("eusc-de-east-1", "amazonaws.eu"),
    ]) func whatHostsEndWith(_ region: String, _ suffix: String) throws {
        #expect(AmazonPartition.dnsSuffix(region: region) == suffix)
        #expect(try BucketAddress(S3Settings(bucket: "films"), region: region).host == "films.s3.\(region).\(suffix)")
    }
}
