import Testing

@testable import Serving

@Suite struct LocationTests {
    @Test(arguments: [
        ("file:///store/a/v", "/store/a/v"), ("file:///store/a/v/", "/store/a/v"), ("file:///my%20store/a/v", "/my store/a/v"),
    ])
    func folderStoreIsServedHere(_ text: String, _ folder: String) {
        let location = Location(text, title: "a", version: "v")
        #expect(location.folder == folder)
        #expect(location.url("index.m3u8") == "/media/a/v/index.m3u8")
    }

    @Test func namesAreEncodedInURLs() {
        let location = Location("https://cdn.example.org/a/v/", title: "a", version: "v")
        #expect(location.folder == nil)
        #expect(location.url("audio/en stereo#1/media.m3u8") == "https://cdn.example.org/a/v/audio/en%20stereo%231/media.m3u8")
    }
}
