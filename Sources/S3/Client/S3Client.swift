package import Curl
import Foundation
package import MediaModel
import Synchronization

/// Signs calls, sends them, and tries again what may be tried again. Any number of threads may use one at the same time.
package final class S3Client: Sendable {
    /// With what the environment and the profile add to them.
    package let settings: S3Settings
    private let http: HTTPClient
    private let credentials: CredentialChain
    package let policy: RetryPolicy
    private let budget: Mutex<RetryBudget>
    private let place: Mutex<Place>
    /// As the settings have it: what a redirect says to us never changes the address that a catalog holds.
    private let readersAddress: BucketAddress
    private let trust = Mutex(BodyTrust())
    private let lacking = Mutex<Set<ServerExtra>>([])
    /// The one that signed last.
    private let signer = Mutex<SignatureV4?>(nil)
    private let isStopped: @Sendable () -> Bool

    /// What is learnt from answers, for all later calls.
    private struct Place {
        var address: BucketAddress
        var region: String
        /// Seconds that the server's clock is ahead of ours.
        var clockOffset = 0.0
    }

    /// - Parameter isStopped: looked at while waiting and between tries; true ends every call with `cancelled`.
    package init(
        _ settings: S3Settings, _ surroundings: Surroundings, policy: RetryPolicy = RetryPolicy(),
        isStopped: @escaping @Sendable () -> Bool = { false }
    ) throws(TransferError) {
        let settings = try surroundings.completed(settings)
        var http = HTTPClient.Settings()
        http.concurrency = max(settings.concurrency, 1)
        http.certificateBundle = settings.certificateBundle
        let far = try Self.tokenService(http, surroundings, profile: settings.profile)
        do throws(CurlError) {
            let web = try HTTPClient(http)
            self.http = web
            // Those who lend to a machine are beside it: no proxy, no bundle of another's.
            var near = HTTPClient.Settings()
            near.usesProxies = false
            credentials = CredentialChain(
                surroundings, profile: settings.profile, region: BucketAddress.amazonRegion(settings),
                web: far == http ? web : try HTTPClient(far), near: try HTTPClient(near), isStopped: isStopped)
        } catch {
            throw TransferError(.inputOutput, operation: "open \(settings.url)", detail: "\(error)")
        }
        let region = surroundings.region(settings.region, profile: settings.profile)
        let address = try BucketAddress(settings, region: region)
        readersAddress = address
        place = Mutex(Place(address: address, region: region))
        budget = Mutex(RetryBudget(concurrency: http.concurrency))
        self.settings = settings
        self.policy = policy
        self.isStopped = isStopped
    }

    /// How the token service is asked: as the bucket is, but Amazon's own has no certificate of the manifest's bundle.
    static func tokenService(
        _ bucket: HTTPClient.Settings, _ surroundings: Surroundings, profile: String?
    ) throws(TransferError) -> HTTPClient.Settings {
        var settings = bucket
        if try surroundings.endpoint("sts", profile: profile) == nil {
            settings.certificateBundle = surroundings.certificateBundle(profile: profile)
        }
        return settings
    }

    /// The address of a key for readers without a signature. The same in every run with the same settings and region.
    package func url(_ key: String) -> String { readersAddress.url(key) }

    /// The region that a redirect has sent us on to, where readers of `url` would be left behind; nil: they find the bucket.
    ///
    /// Amazon tells a reader without a signature that the bucket is elsewhere, and not where.
    package var regionReadersMiss: String? {
        let learnt = place.withLock { $0.region }
        return readersAddress.isReached(settings, region: learnt) ? nil : learnt
    }

    /// What the server has shown of how it checks bodies.
    package var bodyTrust: BodyTrust { trust.withLock { $0 } }

    /// Whether the server has said that it does not know this.
    package func lacks(_ extra: ServerExtra) -> Bool { lacking.withLock { $0.contains(extra) } }

    func note(lackOf extra: ServerExtra) { lacking.withLock { lacking in _ = lacking.insert(extra) } }

    /// Sends a body whose signed SHA-256 is not its own, once, and sees whether the server takes it.
    /// - Parameter probe: a write that does no harm if it is taken: of the right bytes, or of a part that is sent again afterwards.
    /// - Returns: whether it was taken, so that what stands there now is ours.
    @discardableResult
    func testTrust(_ probe: S3Request) throws(TransferError) -> Bool {
        guard settings.checksum == .sha256, trust.withLock({ $0.beginTest() }) else { return false }
        // Without a checksum beside the signed one, which every write has, whatever the server knows.
        var probe = probe.withoutChecksum() ?? probe
        probe.payloadHash = BodyTrust.wrongSHA256
        var policy = policy
        policy.damagedAttempts = 1
        policy.attempts = 2
        do throws(TransferError) {
            guard case .refused(let fault) = try attempt(probe, policy, reading: { _ in () }) else { return true }
            trust.withLock { $0.sawRefusal(fault) }
        } catch {
            // A server that breaks off has shown nothing, and the real write may well succeed.
            if error.code == .cancelled { throw error }
        }
        return false
    }

    /// Ends what is in flight.
    package func stop() { http.stop() }

    package var wasStopped: Bool { isStopped() }

    /// Makes a call until it is answered for good.
    /// - Parameter read: makes the value of a good answer; nil when it cannot be read, which counts as a fault of the way here.
    /// - Parameter policy: nil: the client's.
    package func attempt<Value>(
        _ request: S3Request, _ policy: RetryPolicy? = nil, reading read: (HTTPResponse) -> Value?
    ) throws(TransferError) -> S3Answer<Value> {
        var state = RetryState(policy ?? self.policy)
        while true {
            guard !isStopped() else { throw cancelled(request) }
            let here = place.withLock { $0 }
            let now = Date().addingTimeInterval(here.clockOffset)
            let keys = try credentials.credentials(now: now)
            let (outcome, value, failure) = attemptOnce(signed(request, here, now, keys), read)
            let decision = budget.withLock { budget in
                state.decide(outcome, now: now, chance: Double.random(in: 0..<1), budget: &budget)
            }
            switch decision {
            case .accept:
                if let value { return .done(value) }
            case .retry(let seconds):
                guard pause(seconds: seconds, isStopped: isStopped) else { throw cancelled(request) }
            case .redirect(let region, let host): try follow(region, host, request)
            // Set, not added: other calls may have learnt the same meanwhile.
            case .correctClock(let seconds): place.withLock { $0.clockOffset = here.clockOffset + seconds }
            case .renewCredentials: credentials.forget(keys, now: now)
            case .giveUp:
                guard !isStopped() else { throw cancelled(request) }
                if case .refused(let fault, _, _) = outcome { return .refused(fault) }
                throw TransferError(failure.code, operation: describe(request), detail: failure.words)
            }
        }
    }

    /// Makes a call that may not be refused.
    func demand<Value>(_ request: S3Request, reading read: (HTTPResponse) -> Value?) throws(TransferError) -> Value {
        switch try attempt(request, reading: read) {
        case .done(let value): return value
        case .refused(let fault): throw refusal(request, fault)
        }
    }

    /// A call whose good answer says nothing more.
    func demand(_ request: S3Request) throws(TransferError) { try demand(request) { _ in () } }

    package func refusal(_ request: S3Request, _ fault: S3Fault) -> TransferError {
        var detail = fault.summary
        if fault.isNotImplemented, request.headers.contains(Self.onlyNew) {
            detail +=
                "; a server that does not know If-None-Match wants 'conditional_writes: false' under publish, and that no two "
                + "machines publish there at the same time"
        }
        // These at the end of all patience are a server that is down; anything else is its last word.
        let isDown = HTTPResponse.isOutage(fault.status) && !fault.isNotImplemented
        return TransferError(isDown ? .unreachable : .refused, operation: describe(request), detail: detail)
    }

    private func attemptOnce<Value>(
        _ request: HTTPRequest, _ read: (HTTPResponse) -> Value?
    ) -> (RetryState.Outcome, Value?, failure: (code: TransferError.Code, words: String)) {
        do throws(CurlError) {
            let answer = try http.send(request, isStopped: isStopped)
            if let fault = S3Fault(answer) {
                let time = answer["date"].flatMap(AmazonTime.parseHeader)
                return (.refused(fault, retryAfter: answer["retry-after"], serverTime: time), nil, (.unreachable, fault.summary))
            }
            if let value = read(answer) { return (.succeeded, value, (.unreachable, "")) }
            return (.broken(isTransient: true), nil, (.unreachable, "the answer cannot be read"))
        } catch {
            return (.broken(isTransient: error.isTransient), nil, (.init(error), error.detail))
        }
    }

    private func signed(_ request: S3Request, _ place: Place, _ now: Date, _ keys: S3Credentials) -> HTTPRequest {
        let signer = signer.withLock { last in
            if let last, last.serves(keys, region: place.region, time: now) { return last }
            let new = SignatureV4(credentials: keys, region: place.region, time: now)
            last = new
            return new
        }
        let path = place.address.target(request.key)
        let hash = HTTPField(SignatureV4.payloadHeader, request.payloadHash)
        let host = HTTPField("host", place.address.host)
        let added = signer.headers(
            method: request.method, path: path, query: request.query, headers: request.headers + [hash, host],
            payloadHash: request.payloadHash)
        let query = request.query.isEmpty ? "" : "?\(SignatureV4.canonical(request.query))"
        var message = HTTPRequest(
            request.method, "\(place.address.scheme)://\(place.address.host)\(path)\(query)", headers: request.headers + [hash] + added,
            body: request.body, destination: request.destination)
        message.isDecoding = request.isDecoding
        message.onSend = request.onSend
        message.part = request.part
        message.whole = request.whole
        message.patience.stalling = max(settings.stallSeconds, 1) * (request.takesLong ? 10 : 1)
        return message
    }

    /// Another region's host, or the one that the server named; the scheme stays.
    private func follow(_ region: String?, _ host: String?, _ request: S3Request) throws(TransferError) {
        try place.withLock { place throws(TransferError) in
            if let region { place.region = region }
            if let host, settings.endpoint != nil || region == nil {
                place.address = place.address.moved(to: host, bucket: settings.bucket)
            } else {
                place.address = try BucketAddress(settings, region: place.region)
            }
        }
    }

    private func describe(_ request: S3Request) -> String {
        "\(request.operation) s3://\(settings.bucket)\(request.key.isEmpty ? "" : "/\(request.key)")"
    }

    private func cancelled(_ request: S3Request) -> TransferError {
        TransferError(.cancelled, operation: describe(request), detail: "it was asked to stop")
    }
}
