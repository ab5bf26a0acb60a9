import Foundation
import TestSupport
import Testing

@testable import Pipeline

/// Which titles a disk has room for.
@Suite struct DiskSpaceTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func need(_ title: String, _ bytes: Int64) -> DiskSpace.Need { DiskSpace.Need(title: title, work: bytes, package: bytes) }

    /// - Parameter free: bytes at the first look, and after room was made.
    private func lacking(_ needs: [DiskSpace.Need], free: (Int64, Int64)) -> (titles: [String], errors: [PipelineError], calls: Int) {
        var calls = 0
        let found = DiskSpace.lacking(
            needs, work: folder.path, store: folder.path, free: { _ in calls == 0 ? free.0 : free.1 }, makeRoom: { calls += 1 })
        return (found.keys.sorted(), Array(found.values), calls)
    }

    @Test func oneThatIsTooLargeStopsNoOther() {
        let found = lacking([need("large", 1000), need("one", 100), need("two", 100)], free: (250, 250))
        #expect(found.titles == ["large"] && found.calls == 1)
        #expect(found.errors.allSatisfy { $0.code == .diskFull && $0.description.contains("begin 'large'") })
    }

    @Test func theLastOnesGoFirst() {
        #expect(lacking([need("one", 100), need("two", 100), need("three", 100)], free: (250, 250)).titles == ["three"])
    }

    @Test func roomIsMadeBeforeAnybodyFails() {
        let needs = [need("one", 100), need("two", 100)]
        #expect(lacking(needs, free: (150, 200)).titles.isEmpty)
        #expect(lacking(needs, free: (150, 200)).calls == 1)
        #expect(lacking(needs, free: (200, 0)).calls == 0)
    }
}
