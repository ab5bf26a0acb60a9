import Foundation
import Testing

@testable import Engine

/// Facts that a disk may spoil.
@Suite struct SealedTests {
    private let lines = [Data(#"{"a":1}"#.utf8), Data("{}".utf8)]

    @Test func whatWasSealedIsRead() {
        #expect(Sealed.lines(Sealed.data(lines)) == lines)
        #expect(Sealed.line(Sealed.data([lines[0]])) == lines[0])
    }

    @Test func everyFlippedBitAndEveryLossIsFound() {
        let whole = Sealed.data(lines)
        for place in whole.indices {
            for bit in 0..<8 {
                var broken = whole
                broken[place] ^= 1 << bit
                #expect(Sealed.lines(broken) == nil)
            }
            #expect(Sealed.lines(whole.prefix(place)) == nil)
        }
    }

    @Test func whatAnEarlierProgramWroteIsTakenAsItIs() {
        #expect(Sealed.line(lines[0]) == lines[0])
        #expect(Sealed.lines(lines[0]) == nil)
        #expect(Sealed.line(Sealed.data(lines)) == nil, "two lines are none")
    }
}
