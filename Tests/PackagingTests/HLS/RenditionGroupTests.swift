import MediaModel
import Testing

@testable import Packaging

@Suite struct RenditionGroupTests {
    @Test func putsTheSameSoundInAnotherFormatIntoAnotherGroup() {
        let groups = AudioGroup.groups(of: [
            SamplePackage.audio("en-aac", isDefault: true),
            SamplePackage.audio("en-aac-6", isDefault: true, channels: 6, bitRate: 320_000),
            SamplePackage.audio("fr-aac", language: "fr", label: "Français"),
            SamplePackage.audio("fr-aac-6", language: "fr", label: "Français", channels: 6, bitRate: 320_000),
            SamplePackage.audio("en-opus", codec: .opus, isDefault: true),
        ])
        #expect(groups.map(\.id) == ["aac", "aac-2", "opus"])
        #expect(groups.map { $0.members.map(\.name) } == [["en-aac", "fr-aac"], ["en-aac-6", "fr-aac-6"], ["en-opus"]])
        #expect(groups[1].bandwidth == 322_000)
    }

    @Test func hasExactlyOneDefault() {
        let group = AudioGroup(
            id: "aac", members: [SamplePackage.audio("a", language: "fr", label: "A"), SamplePackage.audio("b", label: "B")])
        #expect(group.text().components(of: "DEFAULT=YES") == 1)
        let twice = AudioGroup(
            id: "aac",
            members: [SamplePackage.audio("a", label: "A", isDefault: true), SamplePackage.audio("b", label: "B", isDefault: true)])
        #expect(twice.text().components(of: "DEFAULT=YES") == 1)
    }

    @Test func makesNamesUnique() {
        let group = AudioGroup(id: "aac", members: (1...3).map { SamplePackage.audio("\($0)", isDefault: $0 == 1) })
        for name in ["NAME=\"English\"", "NAME=\"English 2\"", "NAME=\"English 3\""] { #expect(group.text().contains(name)) }
    }

    /// A system that chooses by language must not end in the director's commentary, nor meet two tracks that look alike to it.
    @Test func letsTheSystemChooseOnlyWhatDiffers() {
        let group = AudioGroup(
            id: "aac",
            members: [
                SamplePackage.audio("main", isDefault: true),
                SamplePackage.audio("alternate", label: "Other", role: .alternate),
                SamplePackage.audio("commentary", label: "Director", role: .commentary),
                SamplePackage.audio("description", label: "Described", role: .description),
                SamplePackage.audio("dub", language: "fr", label: "Français", role: .dub),
            ])
        let lines = group.text().split(separator: "\n")
        #expect(lines.map { $0.contains("AUTOSELECT=YES") } == [true, false, false, true, true])
        #expect(lines[3].contains("CHARACTERISTICS=\"public.accessibility.describes-video\""))
    }

    @Test func keepsQuotesOutOfQuotedStrings() {
        let group = AudioGroup(id: "aac", members: [SamplePackage.audio("a", label: "The \"real\"\none")])
        #expect(group.text().contains("NAME=\"The 'real' one\","))
    }
}
