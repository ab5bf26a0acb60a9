import MediaModel
import Testing

@Suite struct S3SettingsTests {
    @Test func anAddressNamesBucketAndPrefix() {
        let settings = S3Settings(url: "s3://films/store/public/")
        #expect(settings?.bucket == "films")
        #expect(settings?.prefix == "store/public")
        #expect(settings?.url == "s3://films/store/public")
        #expect(S3Settings(url: "s3://films")?.prefix == "")
        #expect(S3Settings(url: "s3://films/")?.url == "s3://films")
    }

    @Test(arguments: ["s3:films", "https://films/x", "s3://", "s3:///x", "s3://ab/x", "s3://films//x", "s3://films/../x", "s3://fi lms/x"])
    func anythingElseIsNone(_ url: String) {
        #expect(S3Settings(url: url) == nil)
    }
}
