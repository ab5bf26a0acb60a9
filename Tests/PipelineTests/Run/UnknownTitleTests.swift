import Testing

@testable import Pipeline

@Suite struct UnknownTitleTests {
    @Test func anIdThatIsNearlyOneIsSuggested() {
        func words(_ known: [String]) -> String { PipelineError.unknownTitle("goood", known: known, manifest: "m.yaml").description }
        #expect(words(["good", "other"]).hasSuffix("the manifest 'm.yaml' has no title with this id (did you mean 'good'?)"))
        #expect(words(["other"]).hasSuffix("has no title with this id"))
    }
}
