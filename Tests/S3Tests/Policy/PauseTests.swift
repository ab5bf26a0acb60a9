import Synchronization
import Testing

@testable import S3

@Suite struct PauseTests {
    private let clock = ContinuousClock()

    @Test func lastsAsLongAsItIsAskedTo() {
        let looks = Mutex(0)
        let took = clock.measure {
            #expect(
                pause(seconds: 0.25) {
                    looks.withLock { $0 += 1 }
                    return false
                })
        }
        #expect(took >= .milliseconds(250))
        #expect(looks.withLock { $0 } > 1)
    }

    @Test(arguments: [0.0, -1]) func isOverAtOnceWhereThereIsNothingToWaitFor(_ seconds: Double) {
        #expect(pause(seconds: seconds) { true })
    }

    @Test func endsSoonAfterAStop() {
        let looks = Mutex(0)
        let took = clock.measure {
            #expect(
                !pause(seconds: 600) {
                    looks.withLock { looks in
                        looks += 1
                        return looks > 1
                    }
                })
        }
        #expect(took < .seconds(60))
    }
}
