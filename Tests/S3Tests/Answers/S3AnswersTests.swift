import Curl
import Foundation
import MediaModel
import Testing

@testable import S3

@Suite struct S3AnswersTests {
    func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

    @Test func aServersWordsDoNotReachATerminalAsCommands() {
        let body = "<Error><Code>No&#x9b;31m</Code><Message>a&#x1b;[31mb\r\nc &#x202e;d é</Message><RequestId>1&#x7;</RequestId></Error>"
        let fault = S3Fault(HTTPResponse(status: 403, headers: [], body: Array(body.utf8)))
        #expect(fault?.summary == "status 403 No31m: a[31mb c d é (request 1)")
        let error = TransferError(.conflict, operation: "check\u{1B}", detail: "ETag \u{1B}]0;x\u{7} is wrong")
        #expect(error.description == "check: ETag ]0;x is wrong")
    }

    @Test func aPageOfObjects() {
        let page = ObjectPage(
            bytes(
                """
                <ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>b</Name><IsTruncated>true</IsTruncated>
                <NextContinuationToken>abc=</NextContinuationToken><Contents><Key>a/&amp;</Key><Size>12</Size></Contents>
                <CommonPrefixes><Prefix>a/b/</Prefix></CommonPrefixes></ListBucketResult>
                """))
        #expect(page?.objects == [ObjectPage.Object(key: "a/&", bytes: 12, etag: nil, lastModified: nil)])
        #expect(page?.folders == ["a/b/"])
        #expect(page?.next == "abc=")
    }

    @Test func anObjectWithoutASizeIsNoList() {
        #expect(ObjectPage(bytes("<ListBucketResult><Contents><Key>a</Key></Contents></ListBucketResult>")) == nil)
    }

    @Test func aPageOfParts() {
        let page = PartPage(
            bytes(
                """
                <ListPartsResult><IsTruncated>false</IsTruncated><Part><PartNumber>2</PartNumber><Size>5</Size><ETag>"ab"</ETag>
                <ChecksumSHA256>xyz=</ChecksumSHA256></Part></ListPartsResult>
                """))
        #expect(page?.parts == [ListedPart(number: 2, bytes: 5, etag: "ab", sha256: "xyz=")])
        #expect(page?.next == nil)
    }

    @Test func aPageOfUploads() {
        let page = UploadPage(
            bytes(
                """
                <ListMultipartUploadsResult><IsTruncated>true</IsTruncated><NextKeyMarker>k</NextKeyMarker><NextUploadIdMarker>u</NextUploadIdMarker>
                <Upload><Key>k</Key><UploadId>u</UploadId><Initiated>2015-08-30T12:36:00.000Z</Initiated></Upload></ListMultipartUploadsResult>
                """))
        #expect(page?.uploads.first?.uploadID == "u")
        #expect(page?.uploads.first?.initiated == Date(timeIntervalSince1970: 1_440_938_160))
        #expect(page?.next?.key == "k")
    }

    @Test func aPageThatGoesOnSaysWhere() {
        func object(_ rest: String, _ asked: Set<String> = []) -> ObjectPage? {
            ObjectPage(bytes("<ListBucketResult><IsTruncated>true</IsTruncated>\(rest)</ListBucketResult>"), after: asked)
        }
        #expect(object("<NextContinuationToken>a</NextContinuationToken>", ["b"])?.next == "a")
        #expect(object("<NextContinuationToken>a</NextContinuationToken>", ["a", "b"]) == nil)
        #expect(object("<NextContinuationToken/>") == nil && object("") == nil)
        func upload(_ rest: String, _ asked: Set<[String]> = []) -> UploadPage? {
            UploadPage(
                bytes("<ListMultipartUploadsResult><IsTruncated>true</IsTruncated>\(rest)</ListMultipartUploadsResult>"), after: asked)
        }
        let marks = "<NextKeyMarker>k</NextKeyMarker><NextUploadIdMarker>u</NextUploadIdMarker>"
        #expect(upload(marks, [["k", "t"]])?.next?.upload == "u")
        #expect(upload(marks, [["k", "u"]]) == nil && upload("<NextKeyMarker/>") == nil && upload("") == nil)
        func part(_ rest: String, _ asked: Set<String> = []) -> PartPage? {
            PartPage(bytes("<ListPartsResult><IsTruncated>true</IsTruncated>\(rest)</ListPartsResult>"), after: asked)
        }
        #expect(part("<NextPartNumberMarker>7</NextPartNumberMarker>", ["6"])?.next == "7")
        #expect(part("<NextPartNumberMarker>7</NextPartNumberMarker>", ["7"]) == nil && part("") == nil)
    }

    @Test func aFaultHasCodeMessageAndRequest() {
        let body = "<Error><Code>AccessDenied</Code><Message>You may\nnot</Message><RequestId>R1</RequestId></Error>"
        let fault = S3Fault(HTTPResponse(status: 403, body: bytes(body)))
        #expect(fault?.summary == "status 403 AccessDenied: You may not (request R1)")
    }

    @Test func aSuccessWhoseBodyIsAnErrorIsAFault() {
        let body = "<?xml version=\"1.0\"?>\n<Error><Code>InternalError</Code><Message>again</Message></Error>"
        #expect(S3Fault(HTTPResponse(status: 200, body: bytes("  \n" + body)))?.code == "InternalError")
        #expect(S3Fault(HTTPResponse(status: 200, body: bytes(String(repeating: " \n", count: 2000) + body)))?.code == "InternalError")
        #expect(S3Fault(HTTPResponse(status: 200, body: bytes("<ListBucketResult/>"))) == nil)
        #expect(S3Fault(HTTPResponse(status: 200, body: bytes("{\"text\": \"<Error>\"}"))) == nil)
    }

    @Test func whereTheBucketReallyIs() {
        let moved = HTTPResponse(status: 307, headers: [HTTPField("Location", "https://b.s3.eu-west-1.amazonaws.com/k?x=y")])
        #expect(S3Fault(moved)?.host == "b.s3.eu-west-1.amazonaws.com")
        let body = "<Error><Code>AuthorizationHeaderMalformed</Code><Region>eu-west-1</Region></Error>"
        #expect(S3Fault(HTTPResponse(status: 400, body: bytes(body)))?.region == "eu-west-1")
    }

    @Test func whichETagsAreMD5() {
        let md5 = "9e107d9d372bb6826bd81d3542a419d6"
        #expect(ETag.isMD5(md5) && ETag.isMD5(md5.uppercased()) && ETag.isMD5("\(md5)-7"))
        #expect(!ETag.isMD5("") && !ETag.isMD5("etag") && !ETag.isMD5("\(md5)-") && !ETag.isMD5("\(md5)-1-2") && !ETag.isMD5("-CKih16Gj"))
        #expect(!ETag.isMD5("zz107d9d372bb6826bd81d3542a419d6"))
        #expect(ETag.composite([md5, md5]) == "e5f9e806d1cb7907955dc91054bb5527-2")
        #expect(ETag.composite([md5, "x"]) == nil)
    }

    @Test func aPageOfHTMLIsAFaultWithoutACode() {
        let fault = S3Fault(HTTPResponse(status: 502, body: bytes("<html><body>Bad Gateway</html>")))
        #expect(fault?.summary == "status 502")
    }
}
