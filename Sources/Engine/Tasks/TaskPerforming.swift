/// Carries tasks out: given to an executor by the room that knows what each kind does.
package protocol TaskPerforming {
    /// - Parameter onProgress: told often: with the share of the task that is done, 0 to 1, or with nil where it only goes on.
    func perform(_ task: any EngineTask, onProgress: (Double?) -> Void) throws
}
