import Libav
package import MediaModel

/// The media libraries under this room, for those above who may not touch them.
package enum MediaLibraries {
    /// Takes their logs over for the whole process; needed once before any other work. Idempotent.
    package static func prepare() { Log.install() }

    /// Every loaded library whose code shapes bytes.
    package static var identities: [LibraryIdentity] { LoadedLibraries.all }
}
