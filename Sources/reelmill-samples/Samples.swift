import Foundation
import Libav

/// `reelmill-samples FOLDER`: makes the films that the demonstration uses, with their subtitles, dub, artwork and manifest.
@main
struct Samples {
    static func main() {
        let arguments = CommandLine.arguments.dropFirst()
        guard arguments.count == 1, let folder = arguments.first, !folder.hasPrefix("-") else {
            tell("usage: reelmill-samples FOLDER")
            exit(64)
        }
        if !Narration.canSpeak { tell("note: this FFmpeg was built without flite: the narrators hum") }
        do throws(SampleError) {
            let made = try make(in: Shelf(folder: folder))
            tell(made == 0 ? "samples: all there in \(folder)" : "samples: made \(made) files in \(folder)")
        } catch {
            tell("error: \(error)")
            exit(1)
        }
    }

    /// Everything, one file after another.
    /// - Returns: how many files had to be made.
    private static func make(in shelf: Shelf) throws(SampleError) -> Int {
        // The narrators speak for seconds, only to say which files there are to be.
        if shelf.isComplete { return 0 }
        let edge = try narrated(Programme.edgeNarration)
        let dub = try narrated(Programme.edgeDub)
        let first = try narrated(Programme.signalsFirst)
        let second = try narrated(Programme.signalsSecond)
        let texts = [
            ("subtitles/the-edge-of-the-map.en.srt", edge.subRip), ("subtitles/the-edge-of-the-map.fr.srt", dub.subRip),
            ("subtitles/signals-s01e01.en.srt", first.subRip), ("subtitles/signals-s01e02.en.vtt", second.webVTT),
        ]
        let films = [
            Programme.edge(edge), Programme.signalsTwo(second), Programme.signalsOne(first), Programme.lanterns, Programme.sixVoices,
            Programme.petriDish, Programme.uneven,
        ]
        var jobs: [Job] = texts.map { file, text in
            Job(file: file) { path in try Data(text.utf8).write(to: URL(fileURLWithPath: path)) }
        }
        jobs += films.map { film in Job(file: film.file) { path in try FilmWriter.write(film, to: path) } }
        jobs.append(Job(file: "dubs/the-edge-of-the-map.fr.wav") { path in try FilmWriter.write(.pcm(dub.graph), format: "wav", to: path) })
        jobs.append(
            Job(file: "art/the-edge-of-the-map.jpg") { path in
                try StillWriter.write(Programme.edgeArtwork, width: 1600, height: 900, to: path)
            })
        var made = try Job.runAll(jobs, on: shelf) { tell("made \($0)") }
        // Last: a manifest stands only where all that it names stands too.
        if try shelf.place("manifest.yaml", bytes: Data(PackageResources.manifest_yaml)) { made += 1 }
        try shelf.writeInventory(jobs.map(\.file))
        return made
    }

    private static func narrated(_ script: () throws(LibavError) -> Narration) throws(SampleError) -> Narration {
        do throws(LibavError) {
            return try script()
        } catch {
            throw SampleError(code: .libav, operation: "speak", detail: "\(error)", underlying: error)
        }
    }

    /// People read standard error.
    private static func tell(_ text: String) { FileHandle.standardError.write(Data("\(text)\n".utf8)) }
}
