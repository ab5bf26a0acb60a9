import MediaModel
import Testing

struct DiagnosticTests {
    @Test func namesPlaceKeyAndWayOut() {
        let fault = Diagnostic(
            file: "a/titles.yaml", line: 7, column: 5, key: "titles[0].metdata", message: "unknown key", suggestion: "metadata")
        #expect("\(fault)" == "a/titles.yaml:7:5: error: titles[0].metdata: unknown key (did you mean 'metadata'?)")
    }

    @Test func leavesOutWhatIsNotKnown() {
        #expect("\(Diagnostic(file: "x.yaml", line: 0, column: 0, key: "", message: "it is empty"))" == "x.yaml: error: it is empty")
        #expect("\(Diagnostic(file: "x.yaml", line: 3, column: 1, key: "", message: "a tab"))" == "x.yaml:3:1: error: a tab")
    }

    @Test func isOneLineWhenItIsThrown() {
        let fault: any Error = Diagnostic(file: "x", line: 1, column: 2, key: "k", message: "m")
        #expect("\(fault)" == "x:1:2: error: k: m")
    }
}
