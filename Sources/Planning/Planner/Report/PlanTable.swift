import MediaModel

/// The plan for a person at a terminal: one block a title, one row a rung, aligned by spaces alone, so that it can be piped and compared.
package enum PlanTable {
    /// All titles, with a line feed at the end.
    /// - Parameter notes: of all titles together.
    package static func text(_ outcomes: [PlanOutcome], notes: [String] = []) -> String {
        let blocks =
            outcomes.map { block($0).joined(separator: "\n") + "\n" } + (notes.isEmpty ? [] : [notes.map { "note: \($0)\n" }.joined()])
        return blocks.joined(separator: "\n")
    }

    private static func block(_ outcome: PlanOutcome) -> [String] {
        guard let plan = outcome.plan else {
            let name = [outcome.id, outcome.version].compactMap(\.self).joined(separator: "  ")
            let preset = outcome.current.map { "  preset \($0.provenance.preset)" } ?? ""
            return ["\(name)\(preset)  \(outcome.state.rawValue)"] + fact("source", outcome.source)
                + (outcome.current.map { rows($0.planRows) } ?? [])
                + (outcome.note.map { fact("note", $0) } ?? [])
                + (outcome.error.map { fact("error", $0) }
                    ?? (outcome.note == nil && outcome.state != .published ? fact("error", "unknown") : []))
        }
        var lines = ["\(plan.id)  \(outcome.version ?? plan.version)  preset \(plan.presetName)  \(outcome.state.rawValue)"]
        lines += fact("source", "\(outcome.source): \(SourceLine.text(plan.source))")
        if let picture = plan.picture, !picture.crop.isNone { lines += fact("crop", cropLine(picture.crop)) }
        lines += fact("clock", clock(plan))
        lines += rows(RungRows.rows(plan))
        lines += rows(plan.audio.map(audioRow))
        lines += rows(plan.text.map { ["text", $0.name, $0.language, $0.label, $0.role.rawValue] })
        if let images = plan.images { lines += fact("images", imageLine(images)) }
        lines += fact("predicted", predictedLine(plan))
        for warning in plan.warnings { lines += fact("warning", warning) }
        if let note = outcome.note { lines += fact("note", note) }
        if let error = outcome.error { lines += fact("error", error) }
        return lines
    }

    private static func fact(_ name: String, _ text: String) -> [String] {
        ["  " + name.padding(to: 10) + " " + text]
    }

    private static func cropLine(_ crop: Crop) -> String {
        let sides = [("top", crop.top), ("bottom", crop.bottom), ("left", crop.left), ("right", crop.right)].filter { $0.1 > 0 }
        return sides.map { "\($0.0) \($0.1)" }.joined(separator: ", ") + " pixels cut off"
    }

    private static func clock(_ plan: AssetPlan) -> String {
        let grid = plan.grid
        let length = PlanText.clock(grid.duration)
        guard plan.picture != nil else { return "\(length) of sound alone, \(grid.segmentCount) segments" }
        let segment = PlanText.seconds(grid.time(ofFrame: grid.segmentFrames))
        return "\(length), \(grid.frames) frames at \(PlanText.frameRate(grid.frameRate)) fps, GOP \(grid.gopFrames), "
            + "segment \(grid.segmentFrames) (\(segment) s), \(grid.segmentCount) segments in "
            + (grid.chunkCount == 1 ? "1 chunk" : "\(grid.chunkCount) chunks")
            + (plan.picturesNotShown == 0 ? "" : ", \(plan.picturesNotShown) of \(plan.source.video?.frames ?? 0) pictures not shown")
            + (plan.lastPictureHeld.map { ", the last picture held for \(PlanText.seconds($0)) s" } ?? "")
    }

    private static func audioRow(_ audio: AudioPlan) -> [String] {
        let channels = audio.format.channels == 1 ? "mono" : audio.format.channels == 2 ? "stereo" : "\(audio.format.channels) channels"
        return [
            "audio", audio.name, audio.language, audio.label, "\(audio.format.codec.rawValue) \(channels)",
            PlanText.bitRate(audio.format.bitRate), audio.role.rawValue + (audio.isDefault ? ", default" : ""),
        ]
    }

    private static func imageLine(_ images: ImagePlan) -> String {
        let poster = "poster \(images.poster.width)x\(images.poster.height)" + (images.artwork == nil ? "" : " of the artwork")
        let cards = images.cards.map { "\($0.width)x\($0.height)" }.joined(separator: " ")
        guard !images.tileFrames.isEmpty else { return "\(poster), cards \(cards)" }
        return "\(poster), cards \(cards), \(images.tileFrames.count) tiles of \(images.tile.width)x\(images.tile.height), "
            + "one every \(PlanText.frameRate(images.interval)) s"
    }

    private static func predictedLine(_ plan: AssetPlan) -> String {
        "about \(ByteCount.text(plan.predicted.bytes)), \(PlanText.wholeClock(Int64(plan.predicted.cpuSeconds.rounded(.up)))) of CPU, "
            + "\(ByteCount.text(plan.predicted.memoryBytes)) for a worker"
    }

    /// Columns as wide as their widest cell; the last one is not padded.
    private static func rows(_ cells: [[String]]) -> [String] {
        let columns = cells.map(\.count).max() ?? 0
        let widths = (0..<columns).map { column in
            cells.filter { $0.count > column + 1 }.map { $0[column].count }.max() ?? 0
        }
        return cells.map { row in
            let padded = row.dropLast().enumerated().map { column, cell in
                column == 0 ? cell.padding(to: 11) : cell.padding(to: widths[column] + 2)
            }
            return "  " + padded.joined() + (row.last ?? "")
        }
    }
}

extension CatalogVersion {
    /// What is published, in the words of a plan.
    fileprivate var planRows: [[String]] {
        renditions.map { rendition in
            [
                "rung", rendition.name, rendition.codec.rawValue, "\(rendition.width)x\(rendition.height)",
                "\(PlanText.frameRate(rendition.frameRate)) fps", "\(rendition.frames) frames",
                "at most \(PlanText.bitRate(rendition.maxRate))",
            ]
        } + audio.map { ["audio", $0.name, $0.language, $0.label, $0.codec.rawValue, $0.role.rawValue] }
            + text.map { ["text", $0.name, $0.language, $0.label, $0.role.rawValue] }
    }
}

extension String {
    fileprivate func padding(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
