/*Swapboard MIT*/var e=(e,t,a,l,r,s)=>{let[c]=t;t[0]=(e,t)=>c(e,(a,l,r,s,c)=>{let p=t(a,l,r,s,c);return"+"!==a[0]&&/wa\.me\/$/.test(e.slice(0,c))?p.replace("+",""):p}),l(s)};export{e as default}
