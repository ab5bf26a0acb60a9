import MediaModel
import TestSupport
import Testing

@testable import Transcoding

/// Artwork that a person hands in.
@Suite struct PictureFileTests {
    @Test(arguments: ["png", "jpg", "webp"])
    func theSizeIsFoundByDecoding(_ ending: String) throws {
        let folder = try TemporaryFolder()
        let path = folder.file("art.\(ending)")
        try Program.demand("ffmpeg", ["-v", "error", "-f", "lavfi", "-i", "testsrc2=size=122x80", "-frames:v", "1", path])
        #expect(try PictureFile.size(of: path) == ImagePlan.Size(width: 122, height: 80))
    }

    @Test func whatIsNoPictureIsNamed() throws {
        let folder = try TemporaryFolder()
        for path in [try folder.write("no picture", to: "art.jpg"), folder.file("missing.jpg")] {
            let error = #expect(throws: TranscodingError.self) { try PictureFile.size(of: path) }
            #expect(error?.code == .unreadable)
            #expect(error?.description.contains(path) == true)
        }
    }
}
