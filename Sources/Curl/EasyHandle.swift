import CCurl

/// One `curl_easy` handle, used for one request after another.
final class EasyHandle {
    let pointer: UnsafeMutableRawPointer
    private var headers: UnsafeMutablePointer<curl_slist>?
    /// libcurl writes its own words on a failure here.
    private let words = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))

    init() throws(CurlError) {
        guard let pointer = curl_easy_init() else {
            words.deallocate()
            throw CurlError(.sendFailed, operation: "make a request", detail: "out of memory")
        }
        self.pointer = pointer
        words.pointee = 0
    }

    deinit {
        curl_easy_cleanup(pointer)
        curl_slist_free_all(headers)
        words.deallocate()
    }

    /// Forgets the request; connections, the DNS cache and the TLS session stay with the multi handle.
    func reset() {
        curl_easy_reset(pointer)
        curl_slist_free_all(headers)
        headers = nil
        words.pointee = 0
    }

    /// What libcurl said about the failure that it met last.
    func failureWords(_ code: CURLcode) -> String {
        words.pointee == 0 ? CurlError.words(code) : String(cString: words)
    }

    func set(_ option: CURLoption, _ value: Int) throws(CurlError) { try check(reelmill_set_long(pointer, option, value)) }

    func setSize(_ option: CURLoption, _ value: Int64) throws(CurlError) { try check(reelmill_set_size(pointer, option, value)) }

    /// libcurl copies the text.
    func set(_ option: CURLoption, _ value: String) throws(CurlError) { try check(reelmill_set_text(pointer, option, value)) }

    func setFailureWords() throws(CurlError) { try check(reelmill_set_pointer(pointer, CURLOPT_ERRORBUFFER, words)) }

    /// Only addresses of the web, whatever else this libcurl speaks.
    func setWebOnly() throws(CurlError) { try check(reelmill_set_web_only(pointer)) }

    /// Connections are this process's alone: no child inherits one.
    func setPrivateSockets() throws(CurlError) { try check(reelmill_set_private_sockets(pointer)) }

    /// Leaves out the system's folder of certificates, which many builds of libcurl trust beside any file that they are told.
    func forgetAuthorities() throws(CurlError) {
        let code = reelmill_set_text(pointer, CURLOPT_CAPATH, nil)
        // TLS libraries that know no such folder trust none.
        if code != CURLE_NOT_BUILT_IN, code != CURLE_UNKNOWN_OPTION { try check(code) }
    }

    /// The handle keeps the list until it is reset.
    func set(headers lines: [String]) throws(CurlError) {
        for line in lines {
            guard let longer = curl_slist_append(headers, line) else { throw failure("out of memory") }
            headers = longer
        }
        try check(reelmill_set_headers(pointer, headers))
    }

    /// - Parameter opaque: must live until the handle is reset.
    func setCallback(
        _ option: CURLoption, _ opaqueOption: CURLoption, _ opaque: UnsafeMutableRawPointer, _ callback: reelmill_data_callback
    ) throws(CurlError) {
        try check(reelmill_set_data_callback(pointer, option, callback))
        try check(reelmill_set_pointer(pointer, opaqueOption, opaque))
    }

    /// - Parameter opaque: must live until the handle is reset.
    func setSeekCallback(
        _ opaque: UnsafeMutableRawPointer, _ callback: @convention(c) (UnsafeMutableRawPointer?, curl_off_t, CInt) -> CInt
    ) throws(CurlError) {
        try check(reelmill_set_seek_callback(pointer, callback))
        try check(reelmill_set_pointer(pointer, CURLOPT_SEEKDATA, opaque))
    }

    private func check(_ code: CURLcode) throws(CurlError) {
        guard code == CURLE_OK else { throw CurlError(CurlError.Code(code), operation: "make a request", detail: CurlError.words(code)) }
    }

    private func failure(_ words: String) -> CurlError { CurlError(.sendFailed, operation: "make a request", detail: words) }
}
