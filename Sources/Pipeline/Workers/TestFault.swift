#if DEBUG
    import Foundation
    import Glibc

    /// For tests of the engine, in debug builds alone: makes a worker misbehave where `REELMILL_TEST_FAULT` says so,
    /// as `FAULT:KIND:WORD`, such as `crash:encode:night-train`; several are parted by commas.
    ///
    /// FAULT is `crash`, `crash-once`, `hang`, `allocate` or `leak`; KIND a task's kind; WORD something that the order's JSON holds.
    enum TestFault {
        /// What a disk has left, as the file that `REELMILL_TEST_FREE` names says; nil: as the disk says.
        static var freeBytes: Int64? {
            ProcessInfo.processInfo.environment["REELMILL_TEST_FREE"].flatMap { FileManager.default.contents(atPath: $0) }
                .flatMap { Int64(String(decoding: $0, as: UTF8.self)) }
        }

        static func strike(_ order: TaskOrder, work: String) {
            guard let wanted = ProcessInfo.processInfo.environment["REELMILL_TEST_FAULT"] else { return }
            let text = (try? JSONEncoder().encode(order)).map { String(decoding: $0, as: UTF8.self) } ?? ""
            for fault in wanted.split(separator: ",") {
                let words = fault.split(separator: ":").map(String.init)
                guard words.count == 3, words[1] == order.kind, text.contains(words[2]) else { continue }
                switch words[0] {
                case "crash": abort()
                case "crash-once":
                    // Two workers may come here at once; O_EXCL lets the first of them crash, and no other.
                    let mark = unsafe open("\(work)/crashed-\(words[2])", O_CREAT | O_EXCL | O_WRONLY, 0o600)
                    if mark >= 0 { abort() }
                case "hang": while true { sleep(1000) }
                case "allocate": allocate()
                case "leak": for _ in 0..<100 { _ = unsafe malloc(1234) }
                default: continue
                }
            }
        }

        /// 16 MB every 5 ms, every page of them touched.
        private static func allocate() {
            while true {
                guard let piece = unsafe malloc(16 << 20) else { abort() }
                _ = unsafe memset(piece, 1, 16 << 20)
                usleep(5000)
            }
        }
    }
#endif
