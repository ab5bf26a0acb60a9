import Foundation

/// Waits between two tries, on a clock that only goes forward: one that is set meanwhile neither shortens the wait nor makes it hours.
/// - Parameter isStopped: looked at several times a second.
/// - Returns: false as soon as `isStopped` says true; true when the time is over.
func pause(seconds: Double, isStopped: () -> Bool) -> Bool {
    let end = ContinuousClock.now + .seconds(seconds)
    while case let left = ContinuousClock.now.duration(to: end), left > .zero {
        guard !isStopped() else { return false }
        Thread.sleep(forTimeInterval: min(left, .milliseconds(100)) / .seconds(1))
    }
    return true
}
