import Engine
import MediaModel
import Packaging
import Transcoding

/// A title's results in the work folder: which are there, and what they say. Used by the run, which asks what is missing, and by workers.
struct TitleArtefacts: Sendable {
    let plan: AssetPlan
    let tasks: TitleTasks
    let store: any ArtefactStore
    /// What can be had from the title's published versions counts as there.
    let published: PublishedPieces

    init(_ plan: AssetPlan, in store: any ArtefactStore, or published: PublishedPieces = .none) {
        self.plan = plan
        self.store = store
        self.published = published
        tasks = TitleTasks(plan)
    }

    private var chunks: Range<Int> { 0..<(plan.picture == nil ? 0 : plan.grid.chunkCount) }

    // MARK: What is there

    /// A single-pass rung's chunk is encoded, or a two-pass rung's measured. What a first pass has found outlasts its statistics, which nobody
    /// needs once the second pass is done.
    func isFirstPassDone(chunk: Int, rung: Int) throws -> Bool {
        guard tasks.isTwoPass(rung: rung) else { return isThere(try tasks.chunkKey(chunk: chunk, rung: rung, bitRate: nil)) }
        let key = try tasks.measureKey(chunk: chunk, rung: rung)
        guard store.holds(key, as: MeasureRecord.self) else { return false }
        return try hasStatistics(key) || isSecondPassDone(chunk: chunk, rung: rung)
    }

    func hasStatistics(_ measure: TaskKey) -> Bool { store.hasFile("statistics", in: measure) }

    private func isThere(_ key: TaskKey) -> Bool { store.holds(key, as: MediaRecord.self) || published.contains(key) }

    func isSoundDone(_ number: Int) throws -> Bool { isThere(try tasks.soundKey(number)) }
    func isTextDone(_ number: Int) throws -> Bool { store.holds(try tasks.textKey(number), as: MediaRecord.self) }

    /// True where there are no images to make.
    func areImagesDone() throws -> Bool {
        guard let key = try tasks.imagesKey() else { return true }
        return store.holds(key, as: ImageRecord.self) || published.contains(key)
    }

    /// The second of two passes; false too while a first pass is missing.
    func isSecondPassDone(chunk: Int, rung: Int) throws -> Bool {
        guard let rates = try knownBitRates(rung: rung) else { return false }
        return isThere(try tasks.chunkKey(chunk: chunk, rung: rung, bitRate: rates[chunk]))
    }

    /// The finished package, if it is there.
    func package() throws -> (folder: String, record: PackageRecord)? {
        let key = try tasks.packageKey()
        return try store.record(key, as: PackageRecord.self).map { ("\(try store.folder(key))/package", $0) }
    }

    /// How much of the title is there: none, some or all of its artefacts.
    func progress() throws -> (done: Int, all: Int) {
        if try package() != nil { return (1, 1) }
        var found: [Bool] = []
        for rung in plan.rungs.indices {
            for chunk in chunks {
                found.append(try isFirstPassDone(chunk: chunk, rung: rung))
                if tasks.isTwoPass(rung: rung) { found.append(try isSecondPassDone(chunk: chunk, rung: rung)) }
            }
        }
        found += try plan.audio.indices.map(isSoundDone) + plan.text.indices.map(isTextDone)
        if plan.images != nil { found.append(try areImagesDone()) }
        return (found.count { $0 }, found.count)
    }

    // MARK: What is published

    /// Takes what published versions tell of first passes for results, so that shares of the title's bits are known.
    func takeOverMeasures() throws {
        for rung in plan.rungs.indices {
            guard case .twoPass(let bitRate, let cap) = plan.rungs[rung].rung.rateControl else { continue }
            let keys = try chunks.map { try tasks.measureKey(chunk: $0, rung: rung) }
            let known = keys.map { store.record($0, as: MeasureRecord.self)?.codedBytes }
            guard known.contains(nil) else { continue }
            let costs = zip(keys, known).compactMap { $1 ?? published.codedBytes($0) }
            guard costs.count == keys.count else { continue }
            let rates = self.bitRates(bitRate, cap: cap.maxRate, costs: costs)
            // Right are those that lead to the very chunks that were published: a flipped bit in one would share out the bits anew.
            guard try chunks.allSatisfy({ published.lists(try tasks.chunkKey(chunk: $0, rung: rung, bitRate: rates[$0])) }) else {
                continue
            }
            for chunk in chunks where known[chunk] == nil {
                let folder = try store.begin()
                defer { store.discard(folder) }
                try store.commit(folder, as: keys[chunk], record: MeasureRecord(codedBytes: costs[chunk]))
            }
        }
    }

    private func bitRates(_ bitRate: Int, cap: Int, costs: [Int]) -> [Int] {
        BitShares.bitRates(bitRate, cap: cap, costs: costs, frames: chunks.map { plan.grid.frames(ofChunk: $0).count })
    }

    /// Keys of results that are to be taken over from published versions, by the track that they belong to.
    func keysToRestore() throws -> [[TaskKey]] {
        var tracks: [[TaskKey]] = []
        for rung in plan.rungs.indices {
            guard let rates = try knownBitRates(rung: rung) else { continue }
            tracks.append(
                try chunks.map { try tasks.chunkKey(chunk: $0, rung: rung, bitRate: tasks.isTwoPass(rung: rung) ? rates[$0] : nil) })
        }
        tracks.append(try plan.audio.indices.map(tasks.soundKey))
        let missing = tracks.map { $0.filter { published.contains($0) && !store.holds($0, as: MediaRecord.self) } }
        let images = try tasks.imagesKey().map { published.contains($0) && !store.holds($0, as: ImageRecord.self) ? [$0] : [] } ?? []
        return (missing + [images]).filter { !$0.isEmpty }
    }

    // MARK: What is damaged

    /// Takes away what is not what was written, every byte of it read, so that it is made again.
    /// - Returns: how many results.
    func dropDamaged() throws -> Int {
        var count = 0
        for key in try knownKeys() where store.isDamaged(key) {
            try store.drop(key)
            count += 1
        }
        guard let (folder, record) = try package() else { return count }
        let isWhole = record.package.files.allSatisfy { file in
            (try? ArtefactContent(of: "\(folder)/\(file.path)")) == ArtefactContent(bytes: file.bytes, sha256: file.sha256)
        }
        if !isWhole {
            try store.drop(try tasks.packageKey())
            count += 1
        }
        return count
    }

    /// Takes away what stands in a result's place and has no record that can be read: nobody would know what it is.
    /// - Returns: how many.
    func dropUnreadable() throws -> Int {
        var count = 0
        for key in try knownKeys() where store.isUnreadable(key) {
            try store.drop(key)
            count += 1
        }
        return count
    }

    /// Keys of all that the title is made of, the package too, as far as they can be told: those of second passes only when all first passes
    /// are there.
    func knownKeys() throws -> [TaskKey] {
        var keys = [try tasks.packageKey()]
        for rung in plan.rungs.indices {
            let isTwoPass = tasks.isTwoPass(rung: rung)
            if isTwoPass { keys += try chunks.map { try tasks.measureKey(chunk: $0, rung: rung) } }
            guard let rates = try knownBitRates(rung: rung) else { continue }
            keys += try chunks.map { try tasks.chunkKey(chunk: $0, rung: rung, bitRate: isTwoPass ? rates[$0] : nil) }
        }
        keys += try plan.audio.indices.map(tasks.soundKey) + plan.text.indices.map(tasks.textKey)
        if let images = try tasks.imagesKey() { keys.append(images) }
        return keys
    }

    // MARK: What they say

    /// Bits per second of each chunk of a two-pass rung; needs all its first passes.
    func bitRates(rung: Int) throws -> [Int] {
        guard let rates = try knownBitRates(rung: rung) else { throw missing("a first pass of the rung '\(plan.rungs[rung].rung.name)'") }
        return rates
    }

    private func knownBitRates(rung: Int) throws -> [Int]? {
        guard case .twoPass(let bitRate, let cap) = plan.rungs[rung].rung.rateControl else { return [] }
        var costs: [Int] = []
        for chunk in chunks {
            guard let record = store.record(try tasks.measureKey(chunk: chunk, rung: rung), as: MeasureRecord.self) else { return nil }
            costs.append(record.codedBytes)
        }
        return bitRates(bitRate, cap: cap.maxRate, costs: costs)
    }

    /// All results, for the packager.
    /// - Throws: for a result that is damaged where the packager does not look: it holds segments against their records itself.
    func packageInput() throws -> PackageInput {
        let video = try plan.rungs.indices.map { rung in
            let rates = tasks.isTwoPass(rung: rung) ? try bitRates(rung: rung) : []
            return try chunks.map { chunk in
                var input = try track(try tasks.chunkKey(chunk: chunk, rung: rung, bitRate: rates.isEmpty ? nil : rates[chunk]))
                if !rates.isEmpty { input.piece?.measure = try measure(chunk: chunk, rung: rung) }
                return input
            }
        }
        var images: (folder: String, record: ImageRecord)?
        var imagesPiece: PackagePiece?
        if let key = try tasks.imagesKey() {
            guard let record = store.record(key, as: ImageRecord.self) else { throw missing("the images") }
            try demandWhole(key, "the images") { _ in true }
            images = (try store.folder(key), record)
            imagesPiece = PackagePiece(
                key: key.description, segments: record.images.count, warnings: record.warnings.isEmpty ? nil : record.warnings)
        }
        return PackageInput(
            plan: plan, video: video, audio: try plan.audio.indices.map { try track(try tasks.soundKey($0)) },
            text: try plan.text.indices.map { try track(try tasks.textKey($0), isText: true) }, images: images,
            imagesPiece: imagesPiece, provenance: tasks.provenance)
    }

    private func track(_ key: TaskKey, isText: Bool = false) throws -> TrackInput {
        guard let record = store.record(key, as: MediaRecord.self) else { throw missing("a track") }
        try demandWhole(key, "a track") { isText || $0 == "init.mp4" }
        let piece = PackagePiece(
            key: key.description, segments: record.segments.count, warnings: record.warnings.isEmpty ? nil : record.warnings)
        return TrackInput(folder: try store.folder(key), record: record, piece: piece)
    }

    private func measure(chunk: Int, rung: Int) throws -> PackagePiece.Measure? {
        let key = try tasks.measureKey(chunk: chunk, rung: rung)
        return store.record(key, as: MeasureRecord.self).map { PackagePiece.Measure(key: key.description, codedBytes: $0.codedBytes) }
    }

    private func demandWhole(_ key: TaskKey, _ what: String, _ isWanted: (String) -> Bool) throws {
        guard store.isDamaged(key, isWanted) else { return }
        throw PipelineError(.title, "package '\(plan.id)'", "\(what) in the work folder is damaged")
    }

    private func missing(_ what: String) -> PipelineError {
        PipelineError(.internalError, "package '\(plan.id)'", "\(what) should be in the work folder and is not; run again")
    }
}
