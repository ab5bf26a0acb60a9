import MediaModel
import Testing

@testable import Planning

struct FaultsTests {
    @Test func faultsComeInTheOrderOfTheFile() {
        var faults = Faults(file: "f.yaml")
        faults.add(Place(line: 3, column: 1), "c", "third", suggestion: "see")
        faults.add(Place(line: 1, column: 9), "b", "second")
        faults.add(Place(line: 1, column: 2), "a", "first")
        faults.add(Place(line: 1, column: 9), "b", "second, found later")
        faults.add("of the whole file")
        #expect(
            faults.sorted.map(\.description) == [
                "f.yaml: error: of the whole file",
                "f.yaml:1:2: error: a: first",
                "f.yaml:1:9: error: b: second",
                "f.yaml:1:9: error: b: second, found later",
                "f.yaml:3:1: error: c: third (did you mean 'see'?)",
            ])
    }

    @Test func aValueBesideAFaultIsNoValue() {
        let fault = Diagnostic(file: "f", line: 1, column: 1, key: "", message: "wrong")
        #expect(ReadResult(value: 1, diagnostics: [fault]).value == nil)
        #expect(ReadResult(value: 1, diagnostics: []).value == 1)
    }
}
