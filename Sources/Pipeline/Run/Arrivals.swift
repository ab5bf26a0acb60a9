import Engine
import Fetching
import Foundation
import MediaModel
import Synchronization

/// Titles in the order in which what they need is here. Remote files are looked at and fetched on threads of their own, which wait for the
/// network, while the titles that have what they need are made.
///
/// A title comes once all is known of its files. Whoever finds that it needs their bytes too, which may have gone, sends it back (`fetch`),
/// and it comes again with them.
final class Arrivals: Sendable {
    /// What is told, from many threads.
    struct Listener: Sendable {
        /// A file came. The title is the first that wants it.
        var onFetched: @Sendable (_ title: String, _ address: RemoteAddress, _ bytes: Int64, _ isFirm: Bool) -> Void
        var onWarning: @Sendable (_ title: String, _ address: RemoteAddress, _ message: String) -> Void
        /// Whether a title may do without a file that is not there any more: then it comes, and `lost` says so.
        var mayDoWithout: @Sendable (_ title: String) -> Bool = { _ in false }
        /// A title cannot have what it needs.
        var onFailure: @Sendable (_ title: String, _ error: any Error) -> Void
    }

    private struct Title: Sendable {
        let place: Int
        let request: TitleRequest
        let files: [RemoteAddress]
    }

    private enum Job {
        case look(RemoteAddress)
        case fetch(RemoteAddress, RemoteIdentity)
    }

    /// What is known of a file that need not be waited for.
    private enum Standing {
        case here
        /// All but its bytes.
        case known(RemoteIdentity)
        /// It is not there any more.
        case lost(any Error)
    }

    private struct State {
        /// Those that are waited for.
        var waiting: [Title]
        var looks: [RemoteAddress]
        var fetches: [(address: RemoteAddress, identity: RemoteIdentity)] = []
        var looking = 0
        var files: [RemoteAddress: Standing] = [:]
        var failed: Set<Int> = []
    }

    private let titles: [Title]
    private let places: [String: Int]
    private let cache: RemoteCache
    private let listener: Listener
    private let shouldStop: @Sendable () -> Bool
    private let state: Mutex<State>
    private let condition = NSCondition()
    private let began = Monotonic.seconds
    private let lanes = DispatchGroup()

    /// Files on their way at the same time.
    private static let laneCount = 4
    /// Seconds that titles which could be made wait for servers to say whether others' files have changed: a batch shares its work out
    /// better when it is larger.
    private static let patience = 20.0

    /// Begins to look at what is remote.
    /// - Parameter shouldStop: asked often; true: nothing more is fetched, and no more titles come.
    init(_ requests: [TitleRequest], cache: RemoteCache, listener: Listener, shouldStop: @escaping @Sendable () -> Bool) {
        self.cache = cache
        self.listener = listener
        self.shouldStop = shouldStop
        titles = requests.enumerated().map { Title(place: $0.offset, request: $0.element, files: $0.element.remoteFiles) }
        places = Dictionary(titles.map { ($0.request.id, $0.place) }, uniquingKeysWith: { first, _ in first })
        var seen: Set<RemoteAddress> = []
        let addresses = titles.flatMap(\.files).filter { seen.insert($0).inserted }
        state = Mutex(State(waiting: titles, looks: addresses))
        for number in 0..<min(Self.laneCount, addresses.count) {
            lanes.enter()
            let thread = Thread { [self] in
                while let job = nextJob() { perform(job) }
                lanes.leave()
            }
            thread.name = "fetch \(number + 1)"
            thread.start()
        }
    }

    /// The titles that came; waits for one. nil: there will be none any more.
    /// - Parameter end: nobody waits any longer than that.
    func next(until end: Date? = nil) -> [TitleRequest]? {
        while true {
            condition.lock()
            let (ready, isOver) = state.withLock { take(&$0) }
            if ready.isEmpty, !isOver { _ = condition.wait(until: Date(timeIntervalSinceNow: 0.2)) }
            condition.unlock()
            if !ready.isEmpty { return ready.map(\.request) }
            if isOver || shouldStop() || end.map({ $0 <= Date() }) == true { return nil }
        }
    }

    private func take(_ state: inout State) -> (ready: [Title], isOver: Bool) {
        let isEarly = !(state.looks.isEmpty && state.looking == 0) && Monotonic.seconds - began < Self.patience
        if isEarly, !shouldStop() { return ([], false) }
        let ready = state.waiting.filter { $0.files.allSatisfy { state.files[$0] != nil } }
        let places = Set(ready.map(\.place))
        state.waiting.removeAll { places.contains($0.place) }
        return (ready, state.waiting.isEmpty && ready.isEmpty)
    }

    /// Whether the bytes of all of a title's files are here.
    func isWhole(_ title: String) -> Bool {
        state.withLock { state in files(of: title).allSatisfy { if case .here = state.files[$0] { true } else { false } } }
    }

    /// Why a title's files are not there any more, by the names that the manifest gives them.
    func lost(_ title: String) -> [String: any Error] {
        guard let place = places[title], !titles[place].files.isEmpty else { return [:] }
        return state.withLock { state in
            var lost: [String: any Error] = [:]
            for name in titles[place].request.fileNames {
                if let address = RemoteAddress(name), case .lost(let error) = state.files[address] { lost[name] = error }
            }
            return lost
        }
    }

    /// These titles came, and need bytes that are not here: they come again with them.
    func fetch(for ids: Set<String>) {
        let back = ids.compactMap { places[$0] }.sorted().map { titles[$0] }
        change { state in
            state.waiting = (state.waiting + back).sorted { $0.place < $1.place }
            for address in back.flatMap(\.files) {
                guard case .known(let identity) = state.files[address] else { continue }
                state.files[address] = nil
                state.fetches.append((address, identity))
            }
        }
    }

    /// What a catalog should remember of a title's files.
    func memory(of title: String) -> [CatalogRemoteFile] { files(of: title).compactMap(cache.memory) }

    /// Bytes are read for a title that is being made.
    func use(_ title: String) throws {
        for address in files(of: title) { try cache.use(address) }
    }

    /// All bytes that are here are read in this run, sooner or later: they stay for now.
    func useAll(now: Date = Date()) {
        let here = state.withLock { state in
            state.files.compactMap { address, standing in if case .here = standing { address } else { nil } }
        }
        // One whose record cannot be written is as old as it was.
        for address in here { try? cache.use(address, now: now) }
    }

    private func files(of title: String) -> [RemoteAddress] { places[title].map { titles[$0].files } ?? [] }

    /// Titles that have not come.
    var left: [String] { state.withLock { $0.waiting.map(\.request.id) } }

    /// Returns when nothing is on its way any more; to be called once `shouldStop` says true.
    func wait() {
        change { _ in }
        lanes.wait()
    }

    // MARK: Lanes

    /// Looks come first: a file that has not changed lets its title begin.
    private func nextJob() -> Job? {
        condition.lock()
        defer { condition.unlock() }
        while !shouldStop() {
            if let job = state.withLock({ job(&$0) }) { return job }
            _ = condition.wait(until: Date(timeIntervalSinceNow: 0.2))
        }
        return nil
    }

    private func job(_ state: inout State) -> Job? {
        if !state.looks.isEmpty {
            state.looking += 1
            return .look(state.looks.removeFirst())
        }
        while !state.fetches.isEmpty {
            let file = state.fetches.removeFirst()
            // A title that lacks one file needs none of the others.
            if state.waiting.contains(where: { $0.files.contains(file.address) }) { return .fetch(file.address, file.identity) }
        }
        return nil
    }

    private func perform(_ job: Job) {
        switch job {
        case .look(let address):
            let found = Result { try look(address) }
            settle(address, found) { state, look in
                state.looking -= 1
                switch look?.holding {
                case .bytes: state.files[address] = .here
                case .facts: state.files[address] = look.map { .known($0.identity) }
                case nil: state.fetches += look.map { [(address, $0.identity)] } ?? []
                }
            }
        case .fetch(let address, let identity):
            let came = Result { try cache.fetch(address, identity) }
            if let came = try? came.get() { listener.onFetched(firstTitle(address), address, came.bytes, came.isFirm) }
            settle(address, came) { state, came in if came != nil { state.files[address] = .here } }
        }
    }

    private func look(_ address: RemoteAddress) throws -> RemoteCache.Look {
        let look = try cache.look(address)
        if let warning = look.warning { listener.onWarning(firstTitle(address), address, warning) }
        return look
    }

    private func firstTitle(_ address: RemoteAddress) -> String { titles.first { $0.files.contains(address) }?.request.id ?? "" }

    /// Takes note of how a job ended. A failure is told at once: somebody may want to stop at the first.
    /// - Parameter body: is given nil for a failure.
    private func settle<Value>(_ address: RemoteAddress, _ result: Result<Value, any Error>, _ body: (inout State, Value?) -> Void) {
        var losers: [Title] = []
        // What was broken off only because everything stops is not lost.
        if case .failure(let error) = result, FailureReason.code(of: error) != .interrupted {
            let isGone = RemoteCache.isGone(error)
            if isGone {
                // What was learnt of it when it was there.
                _ = try? cache.holding(address)
                state.withLock { $0.files[address] = .lost(error) }
            }
            let spared =
                isGone ? Set(titles.filter { $0.files.contains(address) && listener.mayDoWithout($0.request.id) }.map(\.place)) : []
            losers = state.withLock { state in
                state.waiting.filter {
                    $0.files.contains(address) && !spared.contains($0.place) && state.failed.insert($0.place).inserted
                }
            }
            for title in losers { listener.onFailure(title.request.id, error) }
        }
        let (value, places) = (try? result.get(), Set(losers.map(\.place)))
        // Only now: who finds that no title is left thinks that all is told.
        change { state in
            body(&state, value)
            state.waiting.removeAll { places.contains($0.place) }
        }
    }

    private func change(_ body: (inout State) -> Void) {
        condition.lock()
        state.withLock { body(&$0) }
        condition.broadcast()
        condition.unlock()
    }
}
