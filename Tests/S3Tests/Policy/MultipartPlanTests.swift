import Testing

@testable import S3

@Suite struct MultipartPlanTests {
    let mebibyte: Int64 = 1 << 20

    @Test func partsCoverTheObjectInOrder() {
        let plan = MultipartPlan(bytes: 100 * mebibyte + 1, preferred: 16 * mebibyte)
        #expect(plan.parts.map(\.number) == Array(1...7))
        #expect(plan.parts.map(\.offset) == (0..<7).map { Int64($0) * 16 * mebibyte })
        #expect(plan.parts.last?.bytes == 4 * mebibyte + 1)
        #expect(plan.parts.reduce(0) { $0 + $1.bytes } == 100 * mebibyte + 1)
    }

    @Test func anExactMultipleHasNoEmptyPart() {
        #expect(MultipartPlan(bytes: 32 * mebibyte, preferred: 16 * mebibyte).parts.count == 2)
    }

    @Test func neverSmallerThanAllowed() {
        #expect(MultipartPlan(bytes: 11 * mebibyte, preferred: 1).parts.map(\.bytes) == [5 * mebibyte, 5 * mebibyte, mebibyte])
    }

    @Test func neverMorePartsThanAllowed() {
        let largest: Int64 = 5 << 40
        let parts = MultipartPlan(bytes: largest, preferred: 16 * mebibyte).parts
        #expect(parts.count <= 10_000)
        #expect(parts.reduce(0) { $0 + $1.bytes } == largest)
    }

    @Test func itIsCompleteWithItsLastPartAndInOrder() {
        var state = MultipartState(MultipartPlan(bytes: 10 * mebibyte, preferred: 5 * mebibyte))
        state.succeeded(.init(number: 2, etag: "b", sha256: nil))
        #expect(state.completion == nil)
        #expect(state.remaining.map(\.number) == [1])
        state.succeeded(.init(number: 1, etag: "a", sha256: nil))
        #expect(state.completion?.map(\.etag) == ["a", "b"])
        #expect(state.remaining.isEmpty)
    }

    @Test func anInterruptedUploadGoesOn() {
        var state = MultipartState(MultipartPlan(bytes: 20 * mebibyte, preferred: 5 * mebibyte))
        let listed = [3, 1].map { ListedPart(number: $0, bytes: 5 * mebibyte, etag: "right") }
        #expect(state.adopt(listed) { _, part in part.etag == "right" })
        #expect(state.remaining.map(\.number) == [2, 4])
    }

    @Test(
        arguments: [
            [], [ListedPart(number: 2, bytes: 5 << 20, etag: "wrong")], [ListedPart(number: 2, bytes: 4, etag: "right")],
            [ListedPart(number: 9, bytes: 5 << 20, etag: "right")],
        ])
    func anUploadOfOtherBytesDoesNot(_ parts: [ListedPart]) {
        var state = MultipartState(MultipartPlan(bytes: 20 * mebibyte, preferred: 5 * mebibyte))
        let good = parts.isEmpty ? [] : [ListedPart(number: 1, bytes: 5 << 20, etag: "right")]
        #expect(!state.adopt(good + parts) { _, part in part.etag == "right" })
        #expect(state.remaining.count == 4)
    }
}
