import Engine

extension RunLog {
    /// What has become of a title; one that was interrupted stays as it was.
    func title(_ title: String, is state: TitleReport.State, share: Double? = nil, reason: String? = nil) {
        group(title, is: state.rawValue, share: share, reason: reason)
    }
}
