import Testing

@testable import Serving

@Suite struct ContentTypeTests {
    @Test(arguments: [
        ("index.m3u8", "application/vnd.apple.mpegurl"), ("manifest.mpd", "application/dash+xml"), ("video/1080p/init.mp4", "video/mp4"),
        ("audio/en/init.mp4", "audio/mp4"), ("video/1080p/00001.m4s", "video/iso.segment"),
        ("text/fr/00001.vtt", "text/vtt; charset=utf-8"),
        ("images/poster.jpg", "image/jpeg"), ("images/card-320.webp", "image/webp"), ("package.json", "application/json"),
        ("odd", "application/octet-stream"),
    ])
    func followsTheName(_ file: String, _ type: String) {
        #expect(ContentType.of(file) == type)
    }
}

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
