/// Small sources made by the `ffmpeg` program, which knows nothing of our code.
package enum Clip {
    /// Writes a clip to `path` (the ending chooses the container) with H.264 picture and AAC sound unless `options` say otherwise.
    /// - Parameters:
    ///   - video: a lavfi source, such as `testsrc2=size=320x180:rate=25:duration=4`; nil: no picture.
    ///   - audio: a lavfi source, such as `sine=frequency=440:sample_rate=48000:duration=4`; nil: no sound.
    ///   - options: for the output, after the defaults, so that they win.
    /// - Returns: `path`.
    @discardableResult
    package static func make(_ path: String, video: String?, audio: String? = nil, options: [String] = []) throws -> String {
        var arguments = ["-v", "error", "-y"]
        for source in [video, audio].compactMap({ $0 }) { arguments += ["-f", "lavfi", "-i", source] }
        if video != nil {
            arguments += ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"]
        }
        if audio != nil { arguments += ["-c:a", "aac"] }
        try Program.demand("ffmpeg", arguments + options + [path])
        return path
    }
}
