package io.atlasdb.node.transport;

import io.atlasdb.proto.peer.Authority;
import io.atlasdb.proto.peer.CallPart;
import io.atlasdb.proto.peer.Enrollment;
import io.atlasdb.proto.peer.Frame;
import io.atlasdb.proto.peer.Greeting;
import io.atlasdb.proto.peer.PeerGrpc;
import io.atlasdb.proto.peer.Proof;
import io.atlasdb.proto.peer.Refusal;
import io.atlasdb.proto.peer.Reply;
import io.atlasdb.proto.peer.Verdict;
import io.atlasdb.proto.peer.Welcome;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;

/** What a node serves to its peers. */
final class PeerService extends PeerGrpc.PeerImplBase {
    private final Shared shared;

    PeerService(Shared shared) {
        this.shared = shared;
    }

    @Override
    public void greet(Greeting greeting, StreamObserver<Welcome> answer) {
        answer.onNext(Door.CONNECTION.get().greet(greeting, Door.SESSION.get()));
        answer.onCompleted();
    }

    @Override
    public void prove(Proof proof, StreamObserver<Verdict> answer) {
        answer.onNext(Door.CONNECTION.get().prove(proof, Door.SESSION.get()));
        answer.onCompleted();
    }

    @Override
    public void enroll(Enrollment enrollment, StreamObserver<Authority> answer) {
        Authority.Builder given = Authority.newBuilder();
        CertificateMaker.Identity authority = shared.tls == null ? null : shared.tls.authority();
        if (authority == null) {
            given.setRefusal(Refusal.newBuilder().setReason("this cluster has no authority of its own"));
        } else {
            given.setCertificate(Pem.certificate(authority.certificate())).setKey(Pem.key(authority.key()));
        }
        answer.onNext(given.build());
        answer.onCompleted();
    }

    @Override
    public StreamObserver<Frame> control(StreamObserver<Reply> replies) {
        return stream(Lane.CONTROL, replies);
    }

    @Override
    public StreamObserver<Frame> log(StreamObserver<Reply> replies) {
        return stream(Lane.LOG, replies);
    }

    @Override
    public StreamObserver<Frame> bulk(StreamObserver<Reply> replies) {
        return stream(Lane.BULK, replies);
    }

    private StreamObserver<Frame> stream(Lane lane, StreamObserver<Reply> replies) {
        return new IncomingStream(
                shared, lane, Door.CONNECTION.get().node(), (ServerCallStreamObserver<Reply>) replies);
    }

    @Override
    public StreamObserver<CallPart> call(StreamObserver<CallPart> answer) {
        return new IncomingCall(shared, Door.CONNECTION.get().node(), (ServerCallStreamObserver<CallPart>) answer);
    }
}
