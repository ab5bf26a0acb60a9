/// What is cut off a picture, in pixels of the picture as it is stored, before it is turned. Even, since 4:2:0 has one colour sample for
/// two
/// pixels each way.
package struct Crop: Hashable, Sendable, Codable {
    package var top: Int
    package var bottom: Int
    package var left: Int
    package var right: Int

    package init(top: Int = 0, bottom: Int = 0, left: Int = 0, right: Int = 0) {
        self.top = top
        self.bottom = bottom
        self.left = left
        self.right = right
    }

    package var isNone: Bool { self == Crop() }

    /// What is left of a picture; may be nothing.
    package func size(of width: Int, _ height: Int) -> (width: Int, height: Int) { (width - left - right, height - top - bottom) }
}
