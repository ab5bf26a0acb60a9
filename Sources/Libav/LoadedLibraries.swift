import CFFmpeg
package import MediaModel

/// The FFmpeg and encoder libraries that this process really runs on: part of every task's key, because another build may write other
/// bytes.
package enum LoadedLibraries {
    /// Encoders whose code shapes bytes, by the start of their file's name.
    private static let encoders = ["libx264", "libx265", "libSvtAv1Enc", "libopus", "libwebp", "libvpx", "libaom", "libzimg", "libmp3lame"]

    package static let all: [LibraryIdentity] = {
        var found: [String: String] = [:]
        withUnsafeMutablePointer(to: &found) { found in
            _ = reelmill_each_loaded_object(
                { info, _, opaque in
                    guard let info, let path = info.pointee.name, let opaque else { return 0 }
                    let name = String(cString: path).split(separator: "/").last.map(String.init) ?? ""
                    guard name.hasPrefix("lib") else { return 0 }
                    opaque.assumingMemoryBound(to: [String: String].self).pointee[name] = buildID(info)
                    return 0
                }, found)
        }
        // In an order that is the same in every run: where two versions of a library are loaded, each run must name the same one.
        let files = found.sorted { $0.key < $1.key }
        let version = String(cString: av_version_info())
        let ffmpeg: [(String, UInt32)] = [
            ("libavutil", avutil_version()), ("libavcodec", avcodec_version()), ("libavformat", avformat_version()),
            ("libavfilter", avfilter_version()), ("libswscale", swscale_version()), ("libswresample", swresample_version()),
        ]
        var all = ffmpeg.map { name, number in
            LibraryIdentity(
                name: name, version: "\(number >> 16).\(number >> 8 & 255).\(number & 255) (FFmpeg \(version))",
                buildID: files.first { $0.key.hasPrefix("\(name).so") }?.value ?? "")
        }
        for name in encoders {
            guard let file = files.first(where: { $0.key.hasPrefix("\(name).so") || $0.key.hasPrefix("\(name)-") }) else { continue }
            // A shared object's version stands behind `.so.`; a library linked statically is part of libavcodec's identity.
            let version = file.key.split(separator: ".").drop { $0 != "so" }.dropFirst().joined(separator: ".")
            all.append(LibraryIdentity(name: name, version: version, buildID: file.value))
        }
        return all
    }()

    private static func buildID(_ info: UnsafePointer<reelmill_loaded_object>) -> String {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 32) { buffer in
            let count = Int(reelmill_build_id(info, buffer.baseAddress, Int32(buffer.count)))
            let digits = Array("0123456789abcdef")
            return String(buffer[0..<count].flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
        }
    }
}
