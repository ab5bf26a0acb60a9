import Engine
import MediaModel
import Transcoding

/// What a worker process of `reelmill` can do.
package enum TaskWorker {
    /// - Parameters:
    ///   - work: the work folder.
    ///   - nice: added to the priority's number; 0 to 19.
    package static func run(work: String, nice: Int32) -> Never {
        Worker.run(TitleGraph.orders(), nice: nice, report: ReportedFailure.init(of:)) {
            MediaLibraries.prepare()
            let performer = try TaskPerformer(work: try WorkFolder(path: work))
            #if REELMILL_TESTING
                return TestFault.Performer(inner: performer, work: work)
            #else
                return performer
            #endif
        }
    }
}

extension ReportedFailure {
    init(of error: any Error) {
        self.init(exitStatus: FailureReason.code(of: error).exitStatus, reason: FailureReason.line(error))
    }
}
