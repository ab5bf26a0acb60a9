import Foundation
import TestSupport

/// Clips that several tests read, made once by the `ffmpeg` program and removed when the process ends.
enum ClipShelf {
    private static let folder: Result<TemporaryFolder, any Error> = Result {
        let folder = try TemporaryFolder()
        atexit { if case .success(let folder) = ClipShelf.folder { try? FileManager.default.removeItem(atPath: folder.path) } }
        return folder
    }

    /// 100 frames of 320x180 at 25 a second with B-frames, and 4 s of stereo at 44.1 kHz, tagged English.
    static func film() throws -> String { try stored.get() }

    private static let stored = Result {
        try Clip.make(
            folder.get().file("film.mp4"), video: "testsrc2=size=320x180:rate=25:duration=4",
            audio: "sine=frequency=440:sample_rate=44100:duration=4",
            options: [
                "-preset", "fast", "-bf", "2", "-g", "50", "-ac", "2", "-metadata:s:a:0", "language=eng", "-metadata:s:a:0",
                "title=Main mix",
                "-color_primaries", "bt709", "-color_trc", "bt709", "-colorspace", "bt709",
            ])
    }
}
