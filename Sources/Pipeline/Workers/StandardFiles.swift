import Glibc

/// The three files that every program begins with.
package enum StandardFiles {
    /// Opens `/dev/null` on those that whoever started this process has closed: the next file that is opened would take their number, and
    /// words for people would be written into it, or a result. Comes before anything is opened.
    ///
    /// Standard output is opened for reading alone: a result that reaches nobody stays an error.
    package static func complete() {
        for number in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] where fcntl(number, F_GETFD) < 0 {
            // The lowest free number is taken: this one.
            _ = unsafe open("/dev/null", number == STDERR_FILENO ? O_RDWR : O_RDONLY)
        }
    }
}
