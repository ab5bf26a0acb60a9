internal import Glibc

/// The three files that every program begins with.
package enum StandardFiles {
    /// Opens `/dev/null` on those that whoever started this process has closed: the next file that is opened, such as the catalog, would
    /// take their number, and words for people would be written into it. Comes before anything is opened.
    package static func complete() {
        for number in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] where fcntl(number, F_GETFD) < 0 {
            // The lowest free number is taken: this one.
            _ = unsafe open("/dev/null", O_RDWR)
        }
    }
}
