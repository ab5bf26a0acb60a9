import Engine
import MediaModel
import Packaging
import Planning
import Transcoding

/// All results folded into the folder that a version is published from.
struct PackageTask: TitleTask {
    static let kind = "package"
    static let stage = TitleStage.packaging
    static let start = TaskStart.last

    struct Inputs: Codable, Hashable, Sendable {
        var title: String
        /// A hash over everything else that shapes the package's bytes.
        var version: String
        var reelmill: String
        var preset: String
        var warnings: [String]
    }

    /// Beside the folder `package`.
    struct Record: Codable, Sendable {
        var package: AssetPackage
    }

    var inputs: Inputs

    var label: String { "put the package together" }

    static func all(of title: TitleGraph) -> [PackageTask] {
        let plan = title.plan
        return [
            PackageTask(
                inputs: Inputs(
                    title: plan.id, version: plan.version, reelmill: productVersion, preset: plan.presetName, warnings: plan.warnings))
        ]
    }

    func seconds(_ costs: TaskCosts) -> Double { costs.package }

    func make(into folder: String, _ title: OpenTitle) throws -> Record {
        let input = try Self.input(title.graph)
        return Record(package: try Packager.assemble(input, into: "\(folder)/package") { _ = title.goesOn() })
    }

    /// The list of a package's files holds them all to account.
    func isDamaged(as key: TaskKey, in store: any ArtefactStore) -> Bool {
        guard let record = store.record(key, as: Record.self) else { return false }
        guard let folder = try? store.folder(key) else { return true }
        return !record.package.files.allSatisfy { file in
            (try? ArtefactContent(of: "\(folder)/package/\(file.path)")) == ArtefactContent(bytes: file.bytes, sha256: file.sha256)
        }
    }

    /// All results, for the packager.
    /// - Throws: for a result that is damaged where the packager does not look: it holds segments against their records itself.
    private static func input(_ title: TitleGraph) throws -> PackageInput {
        let plan = title.plan
        var chunks: [[TrackInput]] = plan.rungs.map { _ in [] }
        for known in try title.tasks(EncodeTask.self) { chunks[known.task.rung].append(try track(title, known)) }
        let measures = try title.tasks(MeasureTask.self)
        for known in try title.tasks(SecondPassTask.self) {
            var input = try track(title, known)
            let measure = measures.first { $0.task.chunk == known.task.chunk && $0.task.rung == known.task.rung }
            input.piece?.measure = measure.flatMap { measure in
                title.record(of: measure).map { PackagePiece.Measure(key: measure.key.description, codedBytes: $0.codedBytes) }
            }
            chunks[known.task.rung].append(input)
        }
        let images = try title.tasks(ImagesTask.self).first.map { ($0.key, try title.demand($0, "the images")) }
        return PackageInput(
            plan: plan, video: chunks, audio: try title.tasks(AudioTask.self).map { try track(title, $0) },
            text: try title.tasks(TextTask.self).map { try track(title, $0) { _ in true } }, images: images?.1,
            imagesPiece: images.map { key, images in
                let warnings = images.record.warnings
                return PackagePiece(
                    key: key.description, segments: images.record.images.count, warnings: warnings.isEmpty ? nil : warnings)
            },
            provenance: Provenance(reelmill: productVersion, preset: plan.presetName, libraries: libraries))
    }

    private static func track<Task: TitleTask>(
        _ title: TitleGraph, _ known: KnownTask<Task>, _ isWanted: (String) -> Bool = { $0 == "init.mp4" }
    ) throws -> TrackInput where Task.Record == MediaRecord {
        let (folder, record) = try title.demand(known, "a track", isWanted)
        let piece = PackagePiece(
            key: known.key.description, segments: record.segments.count, warnings: record.warnings.isEmpty ? nil : record.warnings)
        return TrackInput(folder: folder, record: record, piece: piece)
    }
}

extension TitleGraph {
    /// The finished package, if it is there.
    func package() throws -> (folder: String, record: PackageTask.Record)? {
        guard let task = try tasks(PackageTask.self).first else { return nil }
        return try record(of: task).map { ("\(try store.folder(task.key))/package", $0) }
    }
}
