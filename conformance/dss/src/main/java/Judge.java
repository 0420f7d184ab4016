import eu.europa.esig.dss.diagnostic.CertificateWrapper;
import eu.europa.esig.dss.jaxb.object.Message;
import eu.europa.esig.dss.model.DSSDocument;
import eu.europa.esig.dss.model.FileDocument;
import eu.europa.esig.dss.model.x509.CertificateToken;
import eu.europa.esig.dss.pades.validation.PDFDocumentValidator;
import eu.europa.esig.dss.simplereport.SimpleReport;
import eu.europa.esig.dss.spi.DSSUtils;
import eu.europa.esig.dss.spi.validation.CommonCertificateVerifier;
import eu.europa.esig.dss.spi.tsl.TrustedListsCertificateSource;
import eu.europa.esig.dss.spi.x509.CommonCertificateSource;
import eu.europa.esig.dss.spi.x509.CommonTrustedCertificateSource;
import eu.europa.esig.dss.spi.x509.revocation.crl.ExternalResourcesCRLSource;
import eu.europa.esig.dss.tsl.job.TLValidationJob;
import eu.europa.esig.dss.tsl.source.LOTLSource;
import eu.europa.esig.dss.validation.SignedDocumentValidator;
import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Judges signed documents with the validator of the EU's Digital Signature Service and its default policy, offline.
 *
 * <p>Arguments: trust anchors ({@code *.cer}), revocation lists ({@code *.crl}), and the documents to judge; behind a
 * detached signature stands what it signs ({@code lease.p7s=lease.txt}). The property {@code password} opens encrypted
 * PDFs ({@code -Dpassword=…}); the property {@code lists} names a folder with trusted lists: the list of the lists as
 * {@code lotl.xml}, the certificate of its signer as {@code lotl.der}, the others under the last part of their address.
 * Prints one line per signature, its fields separated by tabs: file, format, indication, sub-indication,
 * signer, best signature time, what its certificate states and what the lists make of the signature, errors, warnings.
 */
public final class Judge {

    public static void main(String[] arguments) {
        var anchors = new CommonTrustedCertificateSource();
        ending(arguments, ".cer").forEach(path -> anchors.addCertificate(certificate(path)));
        var verifier = new CommonCertificateVerifier();
        verifier.setTrustedCertSources(anchors);
        var folder = System.getProperty("lists");
        if (folder != null) {
            verifier.addTrustedCertSources(listed(new File(folder)));
        }
        verifier.setCrlSource(new ExternalResourcesCRLSource(
                ending(arguments, ".crl").map(FileDocument::new).toArray(FileDocument[]::new)));
        verifier.setAIASource(null);
        Stream.of(arguments)
                .filter(path -> !path.endsWith(".cer") && !path.endsWith(".crl"))
                .forEach(path -> judge(path.split("="), verifier));
    }

    /** The services of the trusted lists, each list fetched from the folder and its signature checked. */
    private static TrustedListsCertificateSource listed(File folder) {
        var signers = new CommonCertificateSource();
        signers.addCertificate(certificate(new File(folder, "lotl.der").getPath()));
        var lists = new LOTLSource();
        lists.setUrl("lotl.xml");
        lists.setCertificateSource(signers);
        var services = new TrustedListsCertificateSource();
        var job = new TLValidationJob();
        job.setListOfTrustedListSources(lists);
        job.setTrustedListCertificateSource(services);
        job.setOfflineDataLoader(url -> new FileDocument(new File(folder, new File(url).getName())));
        var worker = Executors.newSingleThreadExecutor(); // the job's own keeps this program alive for a minute
        job.setExecutorService(worker);
        job.offlineRefresh();
        worker.shutdown();
        return services;
    }

    private static void judge(String[] paths, CommonCertificateVerifier verifier) {
        String path = paths[0];
        var validator = SignedDocumentValidator.fromDocument(new FileDocument(path));
        validator.setDetachedContents(Stream.of(paths).skip(1).<DSSDocument>map(FileDocument::new).toList());
        validator.setCertificateVerifier(verifier);
        if (validator instanceof PDFDocumentValidator pdf) {
            pdf.setPasswordProtection(System.getProperty("password", "").toCharArray());
        }
        var reports = validator.validateDocument();
        SimpleReport report = reports.getSimpleReport();
        for (String id : report.getSignatureIdList()) {
            List<Message> errors = new ArrayList<>(report.getAdESValidationErrors(id));
            List<Message> warnings = new ArrayList<>(report.getAdESValidationWarnings(id));
            for (var timestamp : report.getSignatureTimestamps(id)) {
                errors.addAll(report.getAdESValidationErrors(timestamp.getId()));
                warnings.addAll(report.getAdESValidationWarnings(timestamp.getId()));
            }
            System.out.println(Stream.of(
                            new File(path).getName(),
                            report.getSignatureFormat(id),
                            report.getIndication(id),
                            report.getSubIndication(id),
                            report.getSignedBy(id),
                            report.getBestSignatureTime(id).toInstant(),
                            stated(reports.getDiagnosticData().getSignatureById(id).getSigningCertificate())
                                    + " " + report.getSignatureQualification(id).getReadable(),
                            sentences(errors),
                            sentences(warnings))
                    .map(field -> Objects.toString(field, "").replaceAll("\\s+", " "))
                    .collect(Collectors.joining("\t")));
        }
    }

    /** What a certificate states: its policies, and as what it is qualified. */
    private static String stated(CertificateWrapper certificate) {
        if (certificate == null) {
            return "";
        }
        var qualified = certificate.isQcCompliance() ? "qualified " + certificate.getQcTypes() : "";
        var device = certificate.isSupportedByQSCD() ? "QSCD" : "";
        return String.join(" ", certificate.getCertificatePoliciesOids()) + " " + qualified + " " + device;
    }

    private static String sentences(List<Message> messages) {
        return messages.stream().map(Message::getValue).distinct().collect(Collectors.joining(" | "));
    }

    private static Stream<String> ending(String[] paths, String suffix) {
        return Stream.of(paths).filter(path -> path.endsWith(suffix));
    }

    private static CertificateToken certificate(String path) {
        return DSSUtils.loadCertificate(new File(path));
    }
}
