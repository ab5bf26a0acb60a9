import MediaModel
import Testing

struct RenditionTests {
    @Test(arguments: [(1, "00001"), (99, "00099"), (99_999, "99999"), (100_000, "100000"), (1_234_567, "1234567")])
    func segmentNamesSortUntilTheyOutgrowFiveDigits(_ number: Int, _ stem: String) {
        #expect(SegmentFact.stem(number) == stem)
    }

    @Test func namesOfOneTitleSortAsTheirNumbers() {
        let stems = (1...1200).map(SegmentFact.stem)
        #expect(stems == stems.sorted())
    }
}
