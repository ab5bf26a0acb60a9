package import MediaModel

/// A folder of segments, and what its maker says of them.
package struct TrackInput: Sendable {
    /// Holds `init.mp4` and `00001.m4s` or, for text, `00001.vtt` and so on as well; numbers are those of the whole title.
    package var folder: String
    package var record: MediaRecord
    /// The task that left it; nil where nobody says.
    package var piece: PackagePiece?

    package init(folder: String, record: MediaRecord, piece: PackagePiece? = nil) {
        self.folder = folder
        self.record = record
        self.piece = piece
    }
}

/// All that one title's package is made from. The folders stay as they are; the package gets further names for their files.
package struct PackageInput: Sendable {
    package var plan: AssetPlan
    /// For each of `plan.rungs` its chunks in order.
    package var video: [[TrackInput]]
    /// For each of `plan.audio`.
    package var audio: [TrackInput]
    /// For each of `plan.text`, as `TextConversion.run` left it.
    package var text: [TrackInput]
    package var images: (folder: String, record: ImageRecord)?
    /// The task that left the images; nil where nobody says.
    package var imagesPiece: PackagePiece?
    package var provenance: Provenance

    package init(
        plan: AssetPlan, video: [[TrackInput]], audio: [TrackInput], text: [TrackInput],
        images: (folder: String, record: ImageRecord)?, imagesPiece: PackagePiece? = nil, provenance: Provenance
    ) {
        self.imagesPiece = imagesPiece
        self.plan = plan
        self.video = video
        self.audio = audio
        self.text = text
        self.images = images
        self.provenance = provenance
    }
}
