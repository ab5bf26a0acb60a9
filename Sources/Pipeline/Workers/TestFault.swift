#if REELMILL_TESTING
    import Engine
    import Foundation
    import Glibc

    /// For tests of the engine, in builds for tests alone (Package.swift): makes a worker misbehave where `REELMILL_TEST_FAULT` says so,
    /// as `FAULT:KIND:WORD`, such as `crash:encode:night-train`; several are parted by commas.
    ///
    /// FAULT is `crash`, `crash-once`, `hang`, `allocate`, `leak` or `slow`; KIND a task's kind; WORD something that the task's JSON holds.
    /// A slow task takes longer than any that a test makes, and is held up where it tells of its progress and nowhere else.
    enum TestFault {
        /// What a disk has left, as the file that `REELMILL_TEST_FREE` names says; nil: as the disk says.
        static var freeBytes: Int64? {
            ProcessInfo.processInfo.environment["REELMILL_TEST_FREE"].flatMap { FileManager.default.contents(atPath: $0) }
                .flatMap { Int64(String(decoding: $0, as: UTF8.self)) }
        }

        static func strike(_ task: any EngineTask, work: String) {
            for (fault, word) in faults(of: task) {
                switch fault {
                case "crash": abort()
                case "crash-once":
                    // Two workers may come here at once; O_EXCL lets the first of them crash, and no other.
                    let mark = unsafe open("\(work)/crashed-\(word)", O_CREAT | O_EXCL | O_WRONLY, 0o600)
                    if mark >= 0 { abort() }
                case "hang": while true { sleep(1000) }
                case "allocate": allocate()
                case "leak": for _ in 0..<100 { _ = unsafe malloc(1234) }
                default: continue
                }
            }
        }

        private static func faults(of task: any EngineTask) -> [(fault: String, word: String)] {
            guard let wanted = ProcessInfo.processInfo.environment["REELMILL_TEST_FAULT"] else { return [] }
            let text = (try? TaskKinds.json(task)).map { String(decoding: $0, as: UTF8.self) } ?? ""
            return wanted.split(separator: ",").compactMap { fault in
                let words = fault.split(separator: ":").map(String.init)
                guard words.count == 3, words[1] == task.kind, text.contains(words[2]) else { return nil }
                return (words[0], words[2])
            }
        }

        /// What a task does at each sign of progress, told how many seconds it has taken by then: 3 s, twice.
        static func delay(_ task: any EngineTask) -> (_ seconds: Double) -> Void {
            guard faults(of: task).contains(where: { $0.fault == "slow" }) else { return { _ in } }
            return { seconds in if seconds < 5 { sleep(3) } }
        }

        /// Carries tasks out as another does, but for what is asked for here.
        struct Performer: TaskPerforming {
            let inner: any TaskPerforming
            /// Path of the work folder.
            let work: String

            func perform(_ task: any EngineTask, onProgress: (Double?) -> Void) throws {
                TestFault.strike(task, work: work)
                let (delay, start) = (TestFault.delay(task), Monotonic.seconds)
                try inner.perform(task) { share in
                    delay(Monotonic.seconds - start)
                    onProgress(share)
                }
            }
        }

        /// 16 MB every 5 ms, every page of them there: the kernel is asked itself, because an optimizer takes memory away that nobody
        /// reads.
        private static func allocate() {
            let (protection, flags) = (PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE)
            while true {
                guard unsafe mmap(nil, 16 << 20, protection, flags, -1, 0) != MAP_FAILED else { abort() }
                usleep(5000)
            }
        }
    }
#endif
