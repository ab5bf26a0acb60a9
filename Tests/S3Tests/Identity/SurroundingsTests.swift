import Curl
import MediaModel
import Storage
import TestSupport
import Testing

@testable import S3

@Suite struct SurroundingsTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    func surroundings(_ environment: [String: String] = [:]) -> Surroundings {
        Surroundings(
            environment: environment.merging(["AWS_EC2_METADATA_DISABLED": "true"]) { given, _ in given }, home: folder.path)
    }

    func credentials(_ environment: [String: String] = [:], profile: String? = nil) throws -> S3Credentials {
        try CredentialChain(surroundings(environment), profile: profile, web: HTTPClient(), near: HTTPClient()).credentials()
    }

    @Test func aKeyAndItsTokenComeFromOneFile() throws {
        try folder.write("[default]\naws_access_key_id = OLD\naws_secret_access_key = s\naws_session_token = t", to: ".aws/config")
        try folder.write("[default]\naws_access_key_id = NEW\naws_secret_access_key = s", to: ".aws/credentials")
        #expect(try credentials() == S3Credentials(accessKey: "NEW", secretKey: "s"))
    }

    @Test func aProfileThatIsEmptyIsNoneThatIsMissing() throws {
        try folder.write("[profile night job]\n[profile 'night job']\n", to: ".aws/config")
        let error = #expect(throws: TransferError.self) { try credentials(profile: "night job") }
        #expect(error?.description.contains("is neither in") == false)
        #expect(error?.description.contains("none is lent to this machine") == true)
    }

    @Test func halfAKeyIsAMistake() throws {
        try folder.write(
            "[default]\naws_access_key_id = FILE\naws_secret_access_key = s\n[half]\naws_access_key_id = K", to: ".aws/credentials")
        let inEnvironment = #expect(throws: TransferError.self) { try credentials(["AWS_ACCESS_KEY_ID": "ENV"]) }
        #expect(inEnvironment?.description.contains("AWS_SECRET_ACCESS_KEY") == true)
        #expect(try credentials(["AWS_ACCESS_KEY_ID": "ENV"], profile: "default").accessKey == "FILE")
        let inProfile = #expect(throws: TransferError.self) { try credentials(profile: "half") }
        #expect(inProfile?.description.contains("the profile 'half' has an aws_access_key_id, but no aws_secret_access_key") == true)
    }

    @Test func aSecretThatIsIndentedTooDeepIsNotSentAsPartOfTheKey() throws {
        try folder.write("[default]\naws_access_key_id = KEY\n  aws_secret_access_key = geheim\n", to: ".aws/credentials")
        let error = #expect(throws: TransferError.self) { try credentials() }
        #expect(error?.description.contains("'aws_access_key_id'") == true && error?.description.contains("geheim") == false)
        try folder.write("[default]\naws_access_key_id = KEY\n  x = geheim\naws_secret_access_key = geheim\n", to: ".aws/credentials")
        let both = #expect(throws: TransferError.self) { try credentials() }
        #expect(both?.description.contains("'aws_access_key_id'") == true && both?.description.contains("geheim") == false)
    }

    @Test func whoNamesTheServer() throws {
        let config = """
            [profile film]
            services = minio
            endpoint_url = http://global
            ca_bundle = ~/trusted.pem
            [profile plain]
            endpoint_url = http://global
            [services minio]
            s3 =
              endpoint_url = http://service:9000
            """
        try folder.write(config, to: ".aws/config")
        func completed(_ environment: [String: String] = [:], _ profile: String?, _ endpoint: String? = nil) throws -> S3Settings {
            var settings = S3Settings(bucket: "films")
            settings.profile = profile
            settings.endpoint = endpoint
            return try surroundings(environment).completed(settings)
        }
        let both = ["AWS_ENDPOINT_URL": "http://all", "AWS_ENDPOINT_URL_S3": "http://s3"]
        #expect(try completed(both, "film", "http://own").endpoint == "http://own")
        #expect(try completed(both, "film").endpoint == "http://s3")
        #expect(try completed(["AWS_ENDPOINT_URL": "http://all"], "film").endpoint == "http://all")
        #expect(try completed([:], "film").endpoint == "http://service:9000")
        #expect(try completed(["AWS_PROFILE": "plain"], nil).endpoint == "http://global")
        #expect(try completed([:], nil).endpoint == nil)
        #expect(try completed(["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"].merging(both) { $1 }, "film").endpoint == nil)
        #expect(try surroundings().endpoint("sts", profile: "film")?.url == "http://global")
        #expect(try completed([:], "film").certificateBundle == folder.file("trusted.pem"))
        #expect(try completed(["AWS_CA_BUNDLE": "/env.pem"], "film").certificateBundle == "/env.pem")
        #expect(try completed([:], nil).certificateBundle == nil)
    }

    @Test func aServerThatIsNoneIsSaidWithWhoNamesIt() throws {
        let settings = S3Settings(bucket: "films")
        let wrong = #expect(throws: TransferError.self) { try surroundings(["AWS_ENDPOINT_URL": "minio:9000"]).completed(settings) }
        #expect(wrong?.code == .invalidSettings && wrong?.description.contains("AWS_ENDPOINT_URL names") == true)
        try folder.write("[default]\nservices = gone\n", to: ".aws/config")
        let gone = #expect(throws: TransferError.self) { try surroundings().completed(settings) }
        #expect(gone?.code == .invalidSettings && gone?.description.contains("[services gone]") == true)
    }

    @Test func everyClientGoesThereAndReadersAreSentThere() throws {
        try folder.write("[default]\nendpoint_url = http://minio.example:9000\n", to: ".aws/config")
        let settings = S3Settings(bucket: "films", prefix: "p")
        let store = try S3Store(settings, surroundings: surroundings())
        #expect(store.location(title: "t", version: "v") == "http://minio.example:9000/films/p/t/v")
        #expect(try S3Client(settings, surroundings()).url("k") == "http://minio.example:9000/films/k")
    }
}
