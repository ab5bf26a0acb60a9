import Libav
import Testing

struct LibavErrorTests {
    @Test func isOneLineThatNamesWhatFailedAndWhy() {
        let error = LibavError(code: LibavError.invalidData, operation: "open 'film.mov'", log: "mov: moov atom not found")
        #expect("\(error)" == "cannot open 'film.mov': Invalid data found when processing input (mov: moov atom not found)")
    }

    @Test func leavesOutWhatNobodySaid() {
        Log.clear()
        #expect("\(LibavError(code: LibavError.endOfFile, operation: "read 'x'"))" == "cannot read 'x': End of file")
        #expect("\(LibavError(code: -1, operation: "o", detail: "same", log: "same"))" == "cannot o: same")
        #expect(LibavError(code: -1_000_000, operation: "o", log: "").detail.contains("1000000"), "a code without words is still a code")
    }
}
