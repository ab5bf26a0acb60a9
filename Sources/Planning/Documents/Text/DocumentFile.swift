import Foundation
import MediaModel

/// The bytes of a document as text, before any syntax is looked at.
struct DocumentFile {
    /// As the user named it.
    var name: String
    var text: String

    init(name: String, text: String) {
        self.name = name
        self.text = text
    }

    /// JSON knows `null` and surrogate pairs, YAML as people write it does not.
    var isJSON: Bool { name.lowercased().hasSuffix(".json") }

    /// Largest file that is read. A manifest of ten thousand titles is below it; a video that was named by mistake is not.
    static let largest = 32 << 20

    static func read(path: String) -> ReadResult<DocumentFile> {
        var faults = Faults(file: path)
        if let fault = DocumentPath.fault(ofFile: path) {
            faults.add(fault)
            return ReadResult(value: nil, diagnostics: faults.diagnostics)
        }
        if isMedia(path) {
            faults.add(
                "is a media file by its name; a manifest or a preset is wanted here: name the file as 'source:' in a manifest, "
                    + "or see its facts with 'reelmill probe'")
            return ReadResult(value: nil, diagnostics: faults.diagnostics)
        }
        do {
            let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
            guard size <= largest else {
                faults.add("is larger than \(largest >> 20) MiB: that is no manifest and no preset")
                return ReadResult(value: nil, diagnostics: faults.diagnostics)
            }
            return decode(try Data(contentsOf: URL(fileURLWithPath: path)), name: path)
        } catch {
            faults.add("cannot be read: \(error.localizedDescription)")
            return ReadResult(value: nil, diagnostics: faults.diagnostics)
        }
    }

    /// Endings of files that people have lying beside a manifest.
    private static let mediaEndings: Set = [
        "mp4", "m4v", "mov", "mkv", "webm", "mxf", "ts", "m2ts", "mts", "mpg", "mpeg", "vob", "avi", "wmv", "flv", "ogv", "3gp",
        "wav", "mp3", "m4a", "aac", "flac", "ogg", "opus", "ac3", "jpg", "jpeg", "png", "srt", "vtt",
    ]

    private static func isMedia(_ path: String) -> Bool {
        path.split(separator: ".").last.map { mediaEndings.contains($0.lowercased()) } ?? false
    }

    /// UTF-8 with or without a byte order mark; every other encoding is refused by name.
    static func decode(_ data: Data, name: String) -> ReadResult<DocumentFile> {
        var faults = Faults(file: name)
        if data.starts(with: [0xFF, 0xFE]) || data.starts(with: [0xFE, 0xFF]) {
            faults.add(.start, "", "the file is UTF-16; save it as UTF-8")
            return ReadResult(value: nil, diagnostics: faults.diagnostics)
        }
        let bytes = data.starts(with: [0xEF, 0xBB, 0xBF]) ? data.dropFirst(3) : data
        guard let text = String(data: bytes, encoding: .utf8) else {
            faults.add(firstInvalid(in: bytes), "", "the file is not UTF-8 from here on; save it as UTF-8")
            return ReadResult(value: nil, diagnostics: faults.diagnostics)
        }
        return ReadResult(value: DocumentFile(name: name, text: text), diagnostics: [])
    }

    /// Where decoding first put a replacement character: the place that a person has to look at.
    private static func firstInvalid(in bytes: some Collection<UInt8>) -> Place {
        var place = Place.start
        for scalar in String(decoding: Array(bytes), as: UTF8.self).unicodeScalars {
            if scalar == "\u{FFFD}" { break }
            place = scalar == "\n" ? Place(line: place.line + 1, column: 1) : Place(line: place.line, column: place.column + 1)
        }
        return place
    }
}
