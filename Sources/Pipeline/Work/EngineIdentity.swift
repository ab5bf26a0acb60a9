import MediaModel
import Planning
import Transcoding

/// What this program makes titles with: all that an upgrade may change beneath a published title.
enum EngineIdentity {
    #if REELMILL_TESTING
        static let libraries = TestUpgrade.libraries(MediaLibraries.identities)
        static let format = TestUpgrade.engine ?? EngineFormat.current
        static let presets = PresetLibrary().replacing(TestUpgrade.presets)
    #else
        static var libraries: [LibraryIdentity] { MediaLibraries.identities }
        static var format: Int { EngineFormat.current }
        static var presets: PresetLibrary { PresetLibrary() }
    #endif
}
